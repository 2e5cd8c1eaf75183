using System;

namespace VaeProcgen.Editor.Training;

/// <summary>Where a training stands.</summary>
/// <param name="Phase">"features", "compiling", "tuning", "calibrating", "training" or "prior".</param>
/// <param name="Step">Steps (or kernels, while compiling or tuning) done.</param>
/// <param name="Total">Of how many.</param>
/// <param name="ImagesPerSecond">Over the last submission; 0 outside training.</param>
/// <param name="Remaining">Estimated time left in this phase.</param>
/// <param name="Reconstruction">−log p(x|z) in nats an image; in the prior's phase its velocity loss.</param>
/// <param name="Kl">In nats an image; null where latents cost nothing.</param>
/// <param name="Psnr">In dB, of reconstructions from posterior samples.</param>
public sealed record TrainingProgress(string Phase, long Step, long Total, double ImagesPerSecond, TimeSpan Remaining, double Reconstruction, double? Kl, double Psnr)
{
    /// <summary>Something to be told once, beside the figures; null as a rule.</summary>
    public string? Warning { get; init; }

    internal static TrainingProgress Waiting(string phase, long step = 0, long total = 0) => new(phase, step, total, 0, TimeSpan.Zero, 0, null, 0);
}

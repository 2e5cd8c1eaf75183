using System.Collections.Generic;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Objectives;

/// <summary>−log p(x|z) alone: a deterministic autoencoder, or a VQ-VAE, whose codebook is trained beside it.</summary>
internal sealed class Reconstruction : Objective
{
    public override string Name => "reconstruction";

    public override string Summary => "the reconstruction alone: for latents that are points or from a codebook";

    public override LatentTerm LatentTerm => LatentTerm.None;

    public override IReadOnlyList<LatentKind> Latents => [LatentKind.Point, LatentKind.Quantized];

    public override bool TakesSamples => false;

    public override Operator Loss(ObjectiveInputs inputs) => new MeanLoss("reconstruction", inputs.NegativeLogLikelihood);
}

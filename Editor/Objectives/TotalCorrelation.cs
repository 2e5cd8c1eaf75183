using System.Collections.Generic;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Objectives;

/// <summary>
/// −log p(x|z) + α I(x; z) + β TC(z) + γ Σ_j KL(q(z_j) ‖ p(z_j)): the KL in three parts, each with a weight of its own, q(z) estimated
/// from the batch (Chen et al. 2018, arXiv:1802.04942, eq. 4 and appendix C.1).
/// </summary>
internal sealed class TotalCorrelation : Objective
{
    private const string Alpha = "tc-alpha", Beta = "tc-beta", Gamma = "tc-gamma";

    public override string Name => "beta-tc";

    public override string Summary => "weighs total correlation by itself: dimensions that mean different things";

    public override IReadOnlyList<ObjectiveSetting> Settings =>
    [
        new(Alpha, "Weight of the mutual information of image and latent", 1, 0, 1000),
        new(Beta, "Weight of the total correlation", 6, 0, 1000),
        new(Gamma, "Weight of the KL of each dimension by itself", 1, 0, 1000),
    ];

    public override LatentTerm LatentTerm => LatentTerm.None;

    public override IReadOnlyList<LatentKind> Latents => [LatentKind.Gaussian];

    public override bool TakesSamples => false;

    public override bool ReadsPosterior => true;

    public override Operator Loss(ObjectiveInputs inputs) => new TotalCorrelationLoss(
        "total correlation", inputs.NegativeLogLikelihood, inputs.Latents, inputs.Head!, inputs.Step, inputs.DatasetSize,
        (float)inputs.Setting(Alpha), (float)inputs.Setting(Beta), (float)inputs.Setting(Gamma));
}

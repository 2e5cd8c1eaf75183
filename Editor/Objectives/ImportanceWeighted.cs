using System.Collections.Generic;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Objectives;

/// <summary>
/// −log (1/K) Σ_k p(x, z_k) / q(z_k|x) (Burda et al. 2015, arXiv:1509.00519, eq. 8): a bound that tightens with K. With
/// <c>--estimator doubly-reparameterized</c> the encoder's gradient is that of Tucker et al. 2018, arXiv:1810.04152, eq. 8.
/// </summary>
internal sealed class ImportanceWeighted : Objective
{
    public override string Name => "iwae";

    public override string Summary => "the importance-weighted bound of --samples K: tighter, and more units stay active";

    public override LatentTerm LatentTerm => LatentTerm.LogRatio;

    public override IReadOnlyList<LatentKind> Latents => [LatentKind.Gaussian];

    public override bool WeighsSamples => true;

    public override Operator Loss(ObjectiveInputs inputs) =>
        new ImportanceWeightedLoss("IWAE", inputs.NegativeLogLikelihood, inputs.LatentTerm!, inputs.Samples);
}

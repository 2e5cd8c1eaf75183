using System.Collections.Generic;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Objectives;

/// <summary>
/// The ELBO with log q(z|x) − log p(z) at the samples in place of the KL in closed form (Kingma &amp; Welling 2013, arXiv:1312.6114,
/// eq. 6): noisier, but it needs no closed form.
/// </summary>
internal sealed class SampledElbo : Objective
{
    public override string Name => "sampled-elbo";

    public override string Summary => "the ELBO with the KL at the samples: noisier, for priors without a closed form";

    public override LatentTerm LatentTerm => LatentTerm.LogRatio;

    public override IReadOnlyList<LatentKind> Latents => [LatentKind.Gaussian];

    public override Operator Loss(ObjectiveInputs inputs) => new ElboLoss("sampled ELBO", inputs.NegativeLogLikelihood, inputs.LatentTerm!, inputs.Step);
}

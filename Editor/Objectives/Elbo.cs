using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Objectives;

/// <summary>
/// −log p(x|z) + β KL(q(z|x) ‖ p(z)) (Kingma &amp; Welling 2013, arXiv:1312.6114, eq. 10; with β Higgins et al. 2017). β is
/// <c>--kl-weight</c>, annealed from 0.
/// </summary>
internal sealed class Elbo : Objective
{
    public override string Name => "elbo";

    public override string Summary => "reconstruction and beta times the KL in closed form: the VAE, and with --kl-weight the beta-VAE";

    public override LatentTerm LatentTerm => LatentTerm.Divergence;

    public override Operator Loss(ObjectiveInputs inputs) => new ElboLoss("ELBO", inputs.NegativeLogLikelihood, inputs.LatentTerm!, inputs.Step);
}

using System.Collections.Generic;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Objectives;

/// <summary>
/// −log p(x|z) + β Σ_j max(λ, mean over the batch of KL_j) (Kingma et al. 2016, arXiv:1606.04934, eq. 15): no dimension is pressed
/// below λ nats, so that none is given up early.
/// </summary>
internal sealed class FreeBits : Objective
{
    private const string Bits = "free-nats";

    public override string Name => "free-bits";

    public override string Summary => "no latent dimension pays for its first nats: against collapse";

    public override IReadOnlyList<ObjectiveSetting> Settings => [new(Bits, "Nats of KL that each dimension has free", 0.25, 0, 100)];

    public override LatentTerm LatentTerm => LatentTerm.Divergence;

    public override Operator Loss(ObjectiveInputs inputs) =>
        new FreeBitsLoss("free bits", inputs.NegativeLogLikelihood, inputs.LatentTerm!, inputs.Step, (float)inputs.Setting(Bits));
}

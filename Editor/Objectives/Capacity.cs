using System.Collections.Generic;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Objectives;

/// <summary>
/// −log p(x|z) + γ |KL − C| (Burgess et al. 2018, arXiv:1804.03599, eq. 8). C, in nats an image, rises from 0 over the training.
/// </summary>
internal sealed class Capacity : Objective
{
    public const string ObjectiveName = "capacity";

    /// <summary>The setting that says where C ends.</summary>
    public const string Nats = "capacity";

    private const string Gamma = "gamma";

    public override string Name => ObjectiveName;

    public override string Summary => "holds the KL at a capacity that rises over the training: dimensions are taken up one by one";

    public override IReadOnlyList<ObjectiveSetting> Settings =>
    [
        new(Nats, "C, the KL in nats an image at which it arrives", 25, 0, 10_000),
        new(Gamma, "γ, the weight of the distance between KL and C", 100, 0, 1e6),
    ];

    public override LatentTerm LatentTerm => LatentTerm.Divergence;

    public override Operator Loss(ObjectiveInputs inputs) =>
        new CapacityLoss("capacity", inputs.NegativeLogLikelihood, inputs.LatentTerm!, inputs.Step, (float)inputs.Setting(Gamma));
}

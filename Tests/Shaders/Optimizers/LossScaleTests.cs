using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Shaders;

public sealed class LossScaleTests(OperandPath path) : GpuTest(path)
{
    [TestCase(0f, 0f, 1e6f, 1024f, 0f, 1f, Description = "a good step is counted")]
    [TestCase(3f, 998f, 0f, 8192f, 3f, 999f)]
    [TestCase(3f, 999f, 1f, 8192f, 4f, 0f, Description = "doubled after a thousand")]
    [TestCase(3f, 500f, float.PositiveInfinity, 8192f, 2f, 0f, Description = "halved after one that is not finite")]
    [TestCase(3f, 500f, float.NaN, 8192f, 2f, 0f)]
    [TestCase(-10f, 0f, float.NaN, 1f, -10f, 0f, Description = "not below one")]
    [TestCase(14f, 999f, 1f, 16777216f, 14f, 0f, Description = "not beyond what gradients need")]
    public void FollowsTheGradients(float exponent, float good, float squaredNorm, float used, float nextExponent, float nextGood)
    {
        var mixed = new MixedPrecision();
        var norm = new Tensor("squared norm", Shape.Vector(4));
        using var workspace = new Workspace(Device);
        workspace.Upload<float>(mixed.LossScale, [exponent, good, 0, 0]);
        workspace.Upload<float>(norm, [squaredNorm, 0, 0, 0]);
        using var program = new GpuProgram(workspace, "loss scale", mixed.Update(norm));
        program.Run();
        Assert.That(workspace.Download<float>(mixed.LossScale), Is.EqualTo(new[] { nextExponent, nextGood, 0, 0 }));
        Assert.That(workspace.Download<float>(mixed.Used), Is.EqualTo(new[] { used, 0, 0, 0 }));
    }

    [TestCase(float.PositiveInfinity)]
    [TestCase(float.NaN)]
    public void AStepThatIsNotFiniteIsLeftOut(float bad)
    {
        var parameters = new ParameterSet("parameters");
        parameters.Add("weight", Shape.Weight(1, 33, 8), [33, 8], Initializer.Zeros, decays: true);
        var step = new Tensor("step", Shape.Vector(StepState.WordsFor(0)));
        var adam = new AdamW(parameters, step, new AdamWOptions(WeightDecay: 0.1f));
        using var workspace = new Workspace(Device);
        var state = new uint[StepState.WordsFor(0)];
        new StepState(0, 1, LearningRate: 0.1f, BiasCorrection1: 0.1f, BiasCorrection2: 0.001f, EmaDecay: 0.5f).Write(state, []);
        workspace.Upload<uint>(step, state);
        Tensor[] kept = [parameters.Values, adam.FirstMoment, adam.SecondMoment, adam.Average];
        float[][] before = kept.Select((_, k) => Enumerable.Range(0, (int)parameters.Count).Select(i => i < 264 ? 1 + k + (i / 1024f) : 0).ToArray()).ToArray();
        foreach ((Tensor tensor, float[] values) in kept.Zip(before))
            workspace.Upload<float>(tensor, values);
        var gradients = new float[parameters.Count];
        gradients[17] = bad;
        workspace.Upload<float>(parameters.Gradients, gradients);
        using var program = new GpuProgram(workspace, "AdamW", adam.Update());
        program.Run();
        for (int k = 0; k < kept.Length; k++)
            Assert.That(workspace.Download<float>(kept[k]), Is.EqualTo(before[k]), kept[k].Name);
    }
}

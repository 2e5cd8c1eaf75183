using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class AdamWTests(OperandPath path) : GpuTest(path)
{
    private const int Steps = 4;

    /// <summary>
    /// Several steps, each held to the error of one step from the state that the device had before it. Padding and the gaps between
    /// parameters stay zero in every companion tensor.
    /// </summary>
    [TestCase(0f, 0f)]
    [TestCase(0.25f, 0f, Description = "weight decay")]
    [TestCase(0f, 0.5f, Description = "every gradient is clipped")]
    [TestCase(0.25f, 1e4f, Description = "clipping that never applies")]
    public void SeveralSteps(float decay, float maxNorm)
    {
        var options = new AdamWOptions(Beta1: 0.875f, Beta2: 0.99f, Epsilon: 1e-6f, WeightDecay: decay, MaxGradientNorm: maxNorm);
        var parameters = new ParameterSet("parameters");
        parameters.Add("bias", Shape.Vector(13), [13], Initializer.Zeros, decays: false);
        parameters.Add("conv", Shape.Weight(3, 5, 13), [3, 3, 5, 13], Initializer.Zeros, decays: true);
        parameters.Add("linear", Shape.Weight(1, 33, 7), [33, 7], Initializer.Zeros, decays: true);
        var step = new Tensor("step", Shape.Vector(StepState.WordsFor(0)));
        var adam = new AdamW(parameters, step, options);
        Tensor[] state = [parameters.Values, adam.FirstMoment, adam.SecondMoment, adam.Average];
        using var workspace = new Workspace(Device);
        using var program = new GpuProgram(workspace, "AdamW", adam.Update());
        workspace.Upload<float>(parameters.Values, Scatter(parameters, Random(parameters, 1)));
        workspace.Upload<float>(adam.Average, workspace.Download<float>(parameters.Values));

        for (int t = 1; t <= Steps; t++)
        {
            double[][] gradients = Random(parameters, 10 * t);
            var settings = new AdamWReference.Settings(0.015625f * t, options.Beta1, options.Beta2, options.Epsilon, decay,
                maxNorm == 0 ? double.PositiveInfinity : maxNorm, EmaDecay: 0.75f);
            AdamWReference.Tensor[] expected = Read(workspace, parameters, state);
            AdamWReference.Tensor[] bound = AdamWReference.StepBound(expected, gradients, settings, t);
            AdamWReference.Step(expected, gradients, settings, t);

            workspace.Upload<float>(parameters.Gradients, Scatter(parameters, gradients));
            workspace.Upload<uint>(step, StateOf(settings, t));
            program.Run();
            AdamWReference.Tensor[] actual = Read(workspace, parameters, state);
            for (int i = 0; i < actual.Length; i++)
                CompareTensor(actual[i], expected[i], bound[i], $"step {t}, {parameters.Parameters[i].Name}");
            double square = gradients.Sum(g => g.Sum(v => v * v));
            Compare.Within(workspace.Download<float>(adam.SquaredGradientNorm), [square, 0, 0, 0],
                [ErrorBound.Sum(gradients.Sum(g => g.Length) + 1, square), 0, 0, 0], "|g|²", i => $"[{i}]");
        }
    }

    [Test]
    public void ManyParametersInPartsGiveTheSameBits()
    {
        var options = new AdamWOptions(WeightDecay: 0.25f, MaxGradientNorm: 0.5f);
        float[][] whole = StateAfterAStep(AdamW.MostRows4), parts = StateAfterAStep(16384);
        for (int i = 0; i < whole.Length; i++)
            Assert.That(parts[i], Is.EqualTo(whole[i]));
        Assert.That(() => StateAfterAStep(1024), Throws.ArgumentException.With.Message.Contains("multiple of 16384").And.Message.Contains("found 1024"));

        float[][] StateAfterAStep(int rows4)
        {
            var parameters = new ParameterSet("parameters");
            parameters.Add("bias", Shape.Vector(40_000), [40_000], Initializer.Zeros, decays: false);
            parameters.Add("linear", Shape.Weight(1, 300, 301), [300, 301], Initializer.Zeros, decays: true);
            var step = new Tensor("step", Shape.Vector(StepState.WordsFor(0)));
            var adam = new AdamW(parameters, step, options, rows4);
            using var workspace = new Workspace(Device);
            KernelSpec[] kernels = adam.Update().ToArray();
            Assert.That(kernels.Count(k => k.Label == "AdamW"), Is.EqualTo(rows4 == 16384 ? 3 : 1));
            using var program = new GpuProgram(workspace, "AdamW", kernels);
            workspace.Upload<float>(parameters.Values, Scatter(parameters, Random(parameters, 1)));
            workspace.Upload<float>(parameters.Gradients, Scatter(parameters, Random(parameters, 2)));
            var words = new uint[StepState.WordsFor(0)];
            new StepState(0, Seed: 0, LearningRate: 0.01f, BiasCorrection1: 0.1f, BiasCorrection2: 0.001f, EmaDecay: 0.75f).Write(words, []);
            workspace.Upload<uint>(step, words);
            program.Run();
            return [.. new[] { parameters.Values, adam.FirstMoment, adam.SecondMoment, adam.Average, adam.SquaredGradientNorm }.Select(workspace.Download<float>)];
        }
    }

    /// <summary>The numbers are those of the fields of the step, computed in double.</summary>
    private static uint[] StateOf(AdamWReference.Settings s, int t)
    {
        var words = new uint[StepState.WordsFor(0)];
        new StepState((uint)t - 1, Seed: 0, LearningRate: (float)s.LearningRate, BiasCorrection1: (float)(1 - Math.Pow(s.Beta1, t)),
            BiasCorrection2: (float)(1 - Math.Pow(s.Beta2, t)), EmaDecay: (float)s.EmaDecay).Write(words, []);
        return words;
    }

    private static double[][] Random(ParameterSet set, int seed) =>
        set.Parameters.Select((p, i) => TestData.Uniform(p.LogicalShape.Aggregate((a, b) => a * b), seed + i)).ToArray();

    private static float[] Scatter(ParameterSet set, IReadOnlyList<double[]> values)
    {
        var stored = new float[set.Count];
        for (int i = 0; i < values.Count; i++)
            set.Parameters[i].Scatter(TestData.ToFloat(values[i]), stored);
        return stored;
    }

    /// <summary>The state of every parameter; fails where padding or gaps are not zero.</summary>
    private static AdamWReference.Tensor[] Read(Workspace workspace, ParameterSet set, Tensor[] state)
    {
        double[][][] values = state.Select(tensor =>
        {
            float[] stored = workspace.Download<float>(tensor);
            double[][] logical = set.Parameters.Select(p => TestData.ToDouble(p.Gather(stored))).ToArray();
            Assert.That(stored.SequenceEqual(Scatter(set, logical)), $"{tensor}: padding or a gap between parameters is not 0.");
            return logical;
        }).ToArray();
        return set.Parameters
            .Select((p, i) => new AdamWReference.Tensor(values[0][i], values[1][i], values[2][i], values[3][i], p.Decays))
            .ToArray();
    }

    private static void CompareTensor(
        AdamWReference.Tensor actual, AdamWReference.Tensor expected, AdamWReference.Tensor bound, string where)
    {
        static string At(int i) => $"[{i}]";
        Compare.Within(TestData.ToFloat(actual.FirstMoment), expected.FirstMoment, bound.FirstMoment, $"{where}: m", At);
        Compare.Within(TestData.ToFloat(actual.SecondMoment), expected.SecondMoment, bound.SecondMoment, $"{where}: v", At);
        Compare.Within(TestData.ToFloat(actual.Weight), expected.Weight, bound.Weight, $"{where}: w", At);
        Compare.Within(TestData.ToFloat(actual.Ema), expected.Ema, bound.Ema, $"{where}: ema", At);
    }
}

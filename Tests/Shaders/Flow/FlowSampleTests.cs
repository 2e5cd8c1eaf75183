using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class FlowSampleTests(OperandPath path) : GpuTest(path)
{
    private const int Images = 5;
    private static readonly StepState Step = new(Index: 12, Seed: 77);

    [TestCase(1, 4)]
    [TestCase(13, 12)]
    [TestCase(127, 64)]
    public void InputAndVelocity(int n, int z)
    {
        double[] posterior = TestData.Uniform(Images * 2 * z, 1, -2, 2);
        uint[] rows = Enumerable.Range(0, n).Select(i => (uint)(i * 3 % Images)).ToArray();
        using var check = new OperatorCheck(Device);
        var sample = new FlowSample(check.Input("posterior", new Dims(Images, 1, 1, 2 * z), posterior), check.Step(Step, rows), n);
        check.RunKernels([.. sample.Forward()]);

        double[] t = Enumerable.Range(0, n).Select(TimeOf).ToArray();
        GpuNormals x0 = GpuNormals.Draw(n * z, Step, GpuNormals.FlowNoise);
        GpuNormals noise = GpuNormals.Draw(n * z, Step, GpuNormals.FlowPosterior);
        double[] x1 = new double[n * z], x1Bound = new double[n * z];
        for (int i = 0; i < x1.Length; i++)
        {
            int at = (int)rows[i / z] * 2 * z + i % z;
            x1[i] = posterior[at] + posterior[at + z] * noise.Values[i];
            double size = Math.Abs(posterior[at]) + Math.Abs(posterior[at + z] * noise.Values[i]);
            x1Bound[i] = ErrorBound.SecondOrder * (Math.Abs(posterior[at + z]) * noise.Bound[i] + ErrorBound.Sum(2, size));
        }

        double[] velocity = FlowMatchingReference.Target(n, z, x0.Values, x1);
        double[] velocityBound = velocity
            .Select((v, i) => ErrorBound.SecondOrder * (x0.Bound[i] + x1Bound[i] + ErrorBound.UnitRoundoff * Math.Abs(v)))
            .ToArray();
        Compare.Within(check.Value(sample.Velocity), velocity, velocityBound, "velocity", new Dims(n, 1, 1, z).Locate);

        double[] xt = FlowMatchingReference.Interpolate(n, z, x0.Values, x1, t);
        double[] xtBound = FlowMatchingReference.InterpolateBound(n, z, x0.Values, x1, t)
            .Select((rounding, i) => ErrorBound.SecondOrder * ((1 - t[i / z]) * x0.Bound[i] + t[i / z] * x1Bound[i] + rounding))
            .ToArray();
        Compare.Within(check.Value(sample.Input), Beside(n, xt, FlowMatchingReference.TimeFeatures(t)),
            Beside(n, xtBound, FlowMatchingReference.TimeFeaturesBound(t)), "input", new Dims(n, 1, 1, z + 32).Locate);
    }

    private static double TimeOf(int row) => Philox.Uniform(Philox.Draw(Step.Seed, (uint)row, Step.Index, GpuNormals.FlowTime, 0).X);

    /// <summary>The rows of a, each followed by the row of b.</summary>
    private static double[] Beside(int n, double[] a, double[] b) =>
        a.Chunk(a.Length / n).Zip(b.Chunk(b.Length / n), (x, y) => x.Concat(y)).SelectMany(row => row).ToArray();
}

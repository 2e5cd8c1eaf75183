using System;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Support.Gpu;

/// <summary>The Gumbel noise that gumbel_scores.comp draws, from its twin on the CPU: g = −log E, E = −log(1 − v), v uniform.</summary>
/// <param name="Values">The draws.</param>
/// <param name="Bound">How far the device's may lie off.</param>
internal sealed record GpuGumbels(double[] Values, double[] Bound)
{
    private const uint Stream = 0x10;
    private const double SeriesBelow = 1.0 / 16;

    public static GpuGumbels Draw(int count, StepState step)
    {
        double[] values = new double[count], bound = new double[count];
        for (int i = 0; i < count; i++)
        {
            (uint a, uint b, uint c, uint d) = Philox.Draw(step.Seed, (uint)i / 4, step.Index, Stream, 0);
            double v = Philox.Uniform((i % 4) switch { 0 => a, 1 => b, 2 => c, _ => d });
            double w = Math.Max(1 - v, Math.ScaleB(1, -25)), e = -Math.Log(w);
            // The series: v⁷/7 and on are left out, and Horner's rule rounds twice a term. The logarithm: 1 − v is rounded below ½.
            double relative = v < SeriesBelow
                ? Math.Pow(v, 6) / 6 + ErrorBound.Gamma(14)
                : ((v < 0.5 ? ErrorBound.UnitRoundoff : 0) + ErrorBound.Log(w)) / e;
            values[i] = -Math.Log(e);
            bound[i] = ErrorBound.SecondOrder * (relative + ErrorBound.Log(e));
        }

        return new GpuGumbels(values, bound);
    }
}

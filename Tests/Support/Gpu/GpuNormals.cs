using VaeProcgen.Runtime.Latents;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Support.Gpu;

/// <summary>The standard normals that kernels draw (Include/philox.glsl), from their twin on the CPU.</summary>
/// <param name="Values">The draws.</param>
/// <param name="Bound">How far the device's may lie off: Vulkan's sin and cos are coarse.</param>
internal sealed record GpuNormals(double[] Values, double[] Bound)
{
    /// <summary>The streams of Include/philox.glsl.</summary>
    public const uint Augment = 1, Posterior = 2, FlowNoise = 3, FlowTime = 4, FlowPosterior = 5;

    public static GpuNormals Draw(int count, StepState step, uint stream)
    {
        var values = new float[count];
        var bound = new double[count];
        Philox.FillNormals(step.Seed, stream, step.Index, values);
        for (int i = 0; i < count; i++)
        {
            (uint a, _, uint c, _) = Philox.Draw(step.Seed, (uint)i / 4, step.Index, stream, 0);
            bound[i] = ErrorBound.BoxMuller(Philox.Uniform(i % 4 < 2 ? a : c)) + ErrorBound.UnitRoundoff * System.Math.Abs(values[i]);
        }

        return new GpuNormals(TestData.ToDouble(values), bound);
    }
}

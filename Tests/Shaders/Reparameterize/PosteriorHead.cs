using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

/// <summary>Heads (μ | log σ²), [N, 2Z], as test input.</summary>
internal static class PosteriorHead
{
    /// <summary>μ in [−2, 2), log σ² in [−6, 6), and in the first row two log σ² beyond the limits to which it is clamped.</summary>
    public static double[] Make(int n, int z, int seed)
    {
        double[] head = TestData.Uniform(2 * n * z, seed, -2, 2);
        for (int i = 0; i < head.Length; i++)
        {
            if (i % (2 * z) >= z)
                head[i] *= 3;
        }

        (head[z], head[z + 1]) = (-15, 13);
        return head;
    }
}

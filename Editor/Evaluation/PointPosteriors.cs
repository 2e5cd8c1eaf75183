using System;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>Latents that are points: a draw is the point, and there is neither a density nor a KL, so there is no ELBO.</summary>
/// <param name="points">[N, Z]</param>
/// <param name="size">Z</param>
public sealed class PointPosteriors(float[] points, int size) : Posteriors(points, size)
{
    public override bool HasDensities => false;

    public override void Sample(ulong seed, int n, int k, Span<float> z) => Centres.AsSpan(n * Size, Size).CopyTo(z);

    public override double LogDensity(int n, ReadOnlySpan<float> z) => throw NoDensity();

    public override double LogPrior(int n, ReadOnlySpan<float> z) => throw NoDensity();

    public override double[]? KlOf(int n, ulong seed = 0) => null;

    /// <summary>The variance of each number over the images, [Z].</summary>
    public override double[] MeanVariance(ulong seed = 0) => VarianceOfColumns(Centres, Size);

    private static NotSupportedException NoDensity() => new("A point has no density, so there is no ELBO and no importance weight.");
}

using System;
using System.Linq;
using VaeProcgen.Editor.Latents;

namespace VaeProcgen.Editor.Evaluation.Disentanglement;

/// <summary>
/// The score of β-VAE (Higgins et al. 2017, "beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework"): draw
/// a factor k and L pairs of images, each pair agreeing in a value of it, and let a linear classifier guess k from 1/L Σ |μ₁ − μ₂|. The
/// score is the share that it has right: 1 where every factor leaves something still, 1/F is chance. It does not ask that a factor
/// keep to one dimension, so entangled codes may score high too. The classifier (<see cref="LinearProbe"/>) learns from the first
/// half of the images and is scored on the second.
/// </summary>
public static class BetaVaeScore
{
    private const uint LearnStream = 0x704, ScoreStream = 0x705;

    /// <param name="posteriors">The pool, halved for learning and scoring.</param>
    /// <param name="points">To learn from; half as many are scored.</param>
    /// <param name="batch">L, pairs a point.</param>
    /// <param name="seed">Of the draws.</param>
    /// <returns>From 0 to 1.</returns>
    public static double Measure(FactorPosteriors posteriors, int points, int batch, ulong seed)
    {
        if (points < 2 || batch < 1)
            throw new ArgumentException($"Expected at least 2 points of at least 1 pair; found {points} of {batch}.");
        (FactorPosteriors learned, FactorPosteriors scored) = posteriors.Halves();
        (double[] x, int[] y) = Points(learned, points, batch, seed, LearnStream);
        LinearProbe classifier = LinearProbe.Fit(x, y, posteriors.LatentSize, posteriors.FactorSizes.Count);
        (x, y) = Points(scored, points / 2, batch, seed, ScoreStream);
        return (double)classifier.Predict(x).Zip(y).Count(p => p.First == p.Second) / y.Length;
    }

    private static (double[] X, int[] Y) Points(FactorPosteriors pool, int points, int batch, ulong seed, uint stream)
    {
        int z = pool.LatentSize;
        var draws = new FactorDraws(pool, seed, stream);
        var x = new double[points * z];
        var y = new int[points];
        for (int i = 0; i < points; i++)
        {
            (y[i], (int First, int Second)[] pairs) = draws.Pairs((uint)i, batch);
            foreach ((int first, int second) in pairs)
            {
                for (int j = 0; j < z; j++)
                    x[(i * z) + j] += Math.Abs((double)pool.Mean[(first * z) + j] - pool.Mean[(second * z) + j]) / batch;
            }
        }

        return (x, y);
    }
}

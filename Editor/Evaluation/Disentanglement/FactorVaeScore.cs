using System;
using System.Linq;

namespace VaeProcgen.Editor.Evaluation.Disentanglement;

/// <summary>
/// The score of FactorVAE (Kim and Mnih 2018, arXiv:1802.05983, section 4): fix the value of a random factor k, take L images that
/// agree in it, divide each dimension of μ by its deviation over all images, and vote with the dimension of the least variance, (d, k).
/// A table from d to the k it is most often seen with classifies new votes; the score is the share that it has right. 1: each
/// factor has a dimension of its own; 1/F is chance. Collapsed dimensions, whose μ varies by less than 0.01 (the measure of active
/// units), do not vote. The table is learned from the first half of the images and scored on the second.
/// </summary>
public static class FactorVaeScore
{
    /// <summary>Variance of μ over the images from which on a dimension counts as active (Burda et al. 2015, arXiv:1509.00519).</summary>
    public const double ActiveVariance = 0.01;

    private const uint LearnStream = 0x702, ScoreStream = 0x703;

    /// <param name="posteriors">The pool, halved for learning and scoring.</param>
    /// <param name="votes">To learn from; half as many are scored.</param>
    /// <param name="batch">L</param>
    /// <param name="seed">Of the draws.</param>
    /// <returns>From 0 to 1; 1/F where no dimension is active.</returns>
    public static double Measure(FactorPosteriors posteriors, int votes, int batch, ulong seed)
    {
        if (votes < 2 || batch < 2)
            throw new ArgumentException($"Expected at least 2 votes of at least 2 images; found {votes} of {batch}.");
        double[] deviations = posteriors.Deviations();
        int[] active = Enumerable.Range(0, posteriors.LatentSize).Where(j => deviations[j] * deviations[j] > ActiveVariance).ToArray();
        int factors = posteriors.FactorSizes.Count;
        if (active.Length == 0)
            return 1.0 / factors;
        (FactorPosteriors learned, FactorPosteriors scored) = posteriors.Halves();
        var counts = new int[posteriors.LatentSize, factors];
        var draws = new FactorDraws(learned, seed, LearnStream);
        for (int i = 0; i < votes; i++)
        {
            (int factor, int[] images) = draws.Fixed((uint)i, batch);
            counts[Steadiest(learned, images, active, deviations), factor]++;
        }

        int[] table = Enumerable.Range(0, posteriors.LatentSize)
            .Select(j => Enumerable.Range(0, factors).MaxBy(k => counts[j, k])).ToArray();
        draws = new FactorDraws(scored, seed, ScoreStream);
        int right = 0;
        for (int i = 0; i < votes / 2; i++)
        {
            (int factor, int[] images) = draws.Fixed((uint)i, batch);
            right += table[Steadiest(scored, images, active, deviations)] == factor ? 1 : 0;
        }

        return (double)right / (votes / 2);
    }

    /// <summary>The active dimension whose μ varies least over some images, in units of its deviation; the first of equals.</summary>
    private static int Steadiest(FactorPosteriors posteriors, int[] images, int[] active, double[] deviations) => active.MinBy(j =>
    {
        double sum = 0, squares = 0;
        foreach (int i in images)
        {
            double mean = posteriors.Mean[(i * posteriors.LatentSize) + j] / deviations[j];
            sum += mean;
            squares += mean * mean;
        }

        return (squares / images.Length) - (sum / images.Length * (sum / images.Length));
    });
}

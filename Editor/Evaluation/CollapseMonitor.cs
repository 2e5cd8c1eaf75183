using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>How much a model's latents carry at a step.</summary>
/// <param name="Step">Of the training.</param>
/// <param name="Kl">Nats an image.</param>
/// <param name="ActiveUnits">Dimensions whose μ varies over the images by more than 0.01.</param>
/// <param name="KlPerDimension">[Z], nats an image.</param>
/// <param name="Warning">What is wrong and what to change; null when nothing is.</param>
public sealed record CollapseReport(long Step, double Kl, int ActiveUnits, IReadOnlyList<double> KlPerDimension, string? Warning);

/// <summary>Tells when posteriors have collapsed onto the prior, so that the decoder ignores its latents.</summary>
public static class CollapseMonitor
{
    /// <summary>A unit is active when Var_x(μ_j) exceeds this (Burda et al. 2015, arXiv:1509.00519).</summary>
    public const double ActiveVariance = 0.01;

    private const double LeastNats = 1;
    private const double LeastShare = 0.1;
    private const int LeastUnits = 2;

    public static bool IsActive(double meanVariance) => meanVariance > ActiveVariance;

    public static int CountActive(IEnumerable<double> meanVariance) => meanVariance.Count(IsActive);

    /// <summary>
    /// Warns when the KL has had its full weight for a while and fewer than 2 units, which are fewer than a tenth of all, are active, or
    /// the KL is below 1 nat. Before, few active units mean nothing: the networks are still finding out what latents are for.
    /// </summary>
    /// <param name="step">Of the training.</param>
    /// <param name="warmUpSteps">Steps after which the KL has its full weight.</param>
    /// <param name="klPerDimension">Mean KL(q(z_j|x) ‖ p(z_j)) over images that training did not see, [Z].</param>
    /// <param name="meanVariance">Variance of μ_j over the same images, [Z].</param>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public static CollapseReport Check(
        long step, long warmUpSteps, IReadOnlyList<double> klPerDimension, IReadOnlyList<double> meanVariance)
    {
        if (klPerDimension.Count != meanVariance.Count)
        {
            throw new ArgumentException(
                $"Expected the KL and the variance of μ of each dimension; found {klPerDimension.Count} and {meanVariance.Count} of them.");
        }

        double kl = klPerDimension.Sum();
        int active = CountActive(meanVariance), size = meanVariance.Count;
        bool few = active < LeastUnits && active < LeastShare * size;
        bool collapsed = step >= warmUpSteps && (few || kl < LeastNats);
        return new CollapseReport(step, kl, active, klPerDimension, collapsed ? Warn(active, size, kl) : null);
    }

    private static string Warn(int active, int size, double kl) =>
        $"The posteriors have collapsed onto the prior: {active} of {size} latent units {(active == 1 ? "is" : "are")} active, and the "
        + $"KL is {kl.ToString("F2", CultureInfo.InvariantCulture)} nats an image, so the decoder hardly uses its latents. "
        + "Lower --kl-weight, lengthen --kl-warmup, train with --objective free-bits, or take a smaller --latent.";
}

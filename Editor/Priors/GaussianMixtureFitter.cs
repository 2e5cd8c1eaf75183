using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Priors;

/// <summary>
/// Fits a Gaussian mixture with full covariances to the aggregate posterior (1/N) Σ_n N(μ_n, diag σ_n²) of a training set, by EM. The
/// number of components and the shrinkage are those that explain points held out best; the mixture is then fitted to all points.
/// </summary>
public static class GaussianMixtureFitter
{
    private const uint SplitStream = 0x200;

    /// <summary>With fewer points there is nothing to compare, and one Gaussian is fitted.</summary>
    private const int FewestToCompare = 8;

    /// <summary>How many strengths of the shrinkage are tried, each a quarter of the one before.</summary>
    private const int Strengths = 6;

    /// <summary>Fits to latents without uncertainty.</summary>
    /// <inheritdoc cref="Fit(float[], float[], int, int, GaussianMixtureOptions)"/>
    public static GaussianMixtureFit Fit(float[] latents, int n, int z, GaussianMixtureOptions? options = null) =>
        Fit(latents, null, n, z, options);

    /// <summary>Fits to posteriors; each point's variance counts towards the covariance of the components that it belongs to.</summary>
    /// <param name="latents">μ, the posterior means, [N, Z].</param>
    /// <param name="variances">σ², the posterior variances, [N, Z]; null for none.</param>
    /// <param name="n">N, at least 1; it may be smaller than Z.</param>
    /// <param name="z">Z.</param>
    /// <param name="options">How to search.</param>
    /// <exception cref="ArgumentException">The sizes do not agree, a value is not finite, or a variance is negative.</exception>
    public static GaussianMixtureFit Fit(float[] latents, float[]? variances, int n, int z, GaussianMixtureOptions? options = null)
    {
        options ??= new GaussianMixtureOptions();
        Check(latents, variances, n, z, options);
        var points = GaussianPoints.Create(latents, variances, n, z);
        var candidates = new List<GaussianMixtureCandidate>();
        (int components, double strength) = n < FewestToCompare ? (options.Components ?? 1, z) : Choose(points, options, candidates);
        var fit = ExpectationMaximisation.Run(points, components, Shrinkage(options, strength, n, components), options);
        return new GaussianMixtureFit(fit.ToPrior(), candidates, fit.Objective);
    }

    /// <summary>The number of components, and the strength c of the shrinkage, that explain the points held out best.</summary>
    private static (int Components, double Strength) Choose(
        GaussianPoints points, GaussianMixtureOptions options, List<GaussianMixtureCandidate> candidates)
    {
        int[] order = Shuffled(points.Count, options.Seed);
        int heldOut = Math.Clamp((int)(options.HeldOutFraction * points.Count), 1, points.Count - 1);
        GaussianPoints test = points.Subset(order.AsSpan(0, heldOut));
        GaussianPoints training = points.Subset(order.AsSpan(heldOut));
        (int Components, double Strength, double LogLikelihood) best = (1, points.Size, double.NegativeInfinity);

        bool Improves(int components, double strength)
        {
            double shrinkage = Shrinkage(options, strength, training.Count, components);
            double found = ExpectationMaximisation.Run(training, components, shrinkage, options).LogLikelihood(test);
            candidates.Add(new GaussianMixtureCandidate(components, shrinkage, found));
            bool improves = found > best.LogLikelihood;
            best = improves ? (components, strength, found) : best;
            return improves;
        }

        // One component is fitted in a moment, and what it needs holds for more: the shrinkage depends on a component's points.
        int trials = options.Shrinkage == null ? Strengths : 1;
        for (int trial = 0; trial < trials; trial++)
        {
            Improves(1, points.Size * Math.Pow(0.25, trial));
        }
        if (options.Components is { } given)
        {
            return (given, best.Strength);
        }
        int worse = 0;
        for (int components = 2; components <= Math.Min(options.MaxComponents, training.Count) && worse < 2; components *= 2)
        {
            worse = Improves(components, best.Strength) ? 0 : worse + 1;
        }
        return (best.Components, best.Strength);
    }

    private static double Shrinkage(GaussianMixtureOptions options, double strength, int count, int components) =>
        options.Shrinkage ?? strength / (strength + ((double)count / components));

    /// <summary>0 .. count - 1 in random order (Fisher and Yates).</summary>
    private static int[] Shuffled(int count, ulong seed)
    {
        int[] order = Enumerable.Range(0, count).ToArray();
        for (int i = count - 1; i > 0; i--)
        {
            int other = (int)(((ulong)Philox.Draw(seed, (uint)i, 0, SplitStream, 0).X * (ulong)(i + 1)) >> 32);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    private static void Check(float[] latents, float[]? variances, int n, int z, GaussianMixtureOptions options)
    {
        if (n < 1 || z < 1 || (long)n * z > latents.Length || (variances != null && (long)n * z > variances.Length))
        {
            throw new ArgumentException($"N = {n} points of Z = {z} dimensions need that many latents and variances, and at least one; " +
                $"found {latents.Length} and {variances?.Length.ToString() ?? "none"}.");
        }
        int bad = Array.FindIndex(latents, 0, n * z, value => !float.IsFinite(value));
        if (bad >= 0)
        {
            throw new ArgumentException($"Latent {bad / z} has {latents[bad]} in dimension {bad % z}; a mixture needs finite latents. " +
                "Check that the training run converged.", nameof(latents));
        }
        bad = variances == null ? -1 : Array.FindIndex(variances, 0, n * z, value => !(value >= 0) || float.IsInfinity(value));
        if (bad >= 0)
        {
            throw new ArgumentException($"Latent {bad / z} has the variance {variances![bad]} in dimension {bad % z}; variances must be " +
                "finite and at least 0. Give σ², not its logarithm.", nameof(variances));
        }
        if (options.MaxComponents < 1 || !(options.HeldOutFraction > 0 && options.HeldOutFraction < 1) ||
            options.Shrinkage is < 0 or > 1 || options.MaxIterations < 1 || options.Components < 1 || options.Components > n)
        {
            throw new ArgumentException("MaxComponents and MaxIterations must be at least 1, HeldOutFraction between 0 and 1, " +
                $"Shrinkage from 0 to 1, and Components from 1 to the {n} points; found {options}.", nameof(options));
        }
    }
}

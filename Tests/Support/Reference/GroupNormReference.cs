using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Group normalisation (Wu and He, arXiv:1803.08494): each image's channels form G groups of C/G neighbours, and over the
/// m = H·W·C/G values of a group x̂ = (X − mean)/√(variance + ε); Y = γ[c]·x̂ + β[c]. The variance is the biased one (divided by m).
/// </summary>
public static class GroupNormReference
{
    /// <summary>Mean and 1/√(variance + ε) of every group, each [N, G].</summary>
    public static (double[] mean, double[] inverseDeviation) Statistics(Dims dims, int groups, double epsilon, double[] x)
    {
        dims.Require(x, nameof(x));
        int m = GroupSize(dims, groups);
        var mean = new double[dims.N * groups];
        var variance = new double[dims.N * groups];
        for (int i = 0; i < x.Length; i++)
        {
            mean[Group(dims, groups, i)] += x[i] / m;
        }

        for (int i = 0; i < x.Length; i++)
        {
            double d = x[i] - mean[Group(dims, groups, i)];
            variance[Group(dims, groups, i)] += d * d / m;
        }

        return (mean, Array.ConvertAll(variance, v => 1 / Math.Sqrt(v + epsilon)));
    }

    /// <summary>Y = γ[c]·x̂ + β[c].</summary>
    public static double[] Forward(Dims dims, int groups, double epsilon, double[] x, double[] gamma, double[] beta)
    {
        var normalised = Normalise(dims, groups, epsilon, x);
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = gamma[i % dims.C] * normalised[i] + beta[i % dims.C];
        }

        return y;
    }

    /// <summary>
    /// With g = γ·dY: dX = (g − mean(g) − x̂·mean(g·x̂))/√(variance + ε), means over the group;
    /// dGamma[c] = Σ_{n,h,w} dY·x̂; dBeta[c] = Σ_{n,h,w} dY. All written (=).
    /// </summary>
    public static (double[] dX, double[] dGamma, double[] dBeta) Backward(
        Dims dims, int groups, double epsilon, double[] x, double[] gamma, double[] dY)
    {
        dims.Require(dY, nameof(dY));
        (_, double[] inverse) = Statistics(dims, groups, epsilon, x);
        double[] normalised = Normalise(dims, groups, epsilon, x);
        int m = GroupSize(dims, groups);
        var dGamma = new double[dims.C];
        var dBeta = new double[dims.C];
        var meanG = new double[dims.N * groups];
        var meanGx = new double[dims.N * groups];
        for (int i = 0; i < x.Length; i++)
        {
            int group = Group(dims, groups, i);
            double g = gamma[i % dims.C] * dY[i];
            meanG[group] += g / m;
            meanGx[group] += g * normalised[i] / m;
            dGamma[i % dims.C] += dY[i] * normalised[i];
            dBeta[i % dims.C] += dY[i];
        }

        var dX = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int group = Group(dims, groups, i);
            double g = gamma[i % dims.C] * dY[i];
            dX[i] = inverse[group] * (g - meanG[group] - normalised[i] * meanGx[group]);
        }

        return (dX, dGamma, dBeta);
    }

    /// <summary>
    /// The error of a two-pass (or merged Welford) float32 evaluation. Mean² subtracted from the mean of squares is worse than
    /// this wherever the mean is large, and should fail.
    /// </summary>
    public static double[] ForwardBound(Dims dims, int groups, double epsilon, double[] x, double[] gamma, double[] beta)
    {
        double[] normalised = Normalise(dims, groups, epsilon, x);
        var (_, normalisedError) = Errors(dims, groups, epsilon, x);
        var bound = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double scaled = Math.Abs(gamma[i % dims.C]);
            bound[i] = scaled * normalisedError[i]
                + 2 * ErrorBound.UnitRoundoff * (scaled * Math.Abs(normalised[i]) + Math.Abs(beta[i % dims.C]))
                + ErrorBound.SmallestNormal;
        }

        return bound;
    }

    /// <summary>
    /// The error of the three gradients under the same assumption, from a dY that is itself off by <paramref name="dYError"/>: they are linear in it, so
    /// that is carried to them by the absolute values of their coefficients.
    /// </summary>
    public static (double[] dX, double[] dGamma, double[] dBeta) BackwardBound(
        Dims dims, int groups, double epsilon, double[] x, double[] gamma, double[] dY, double[] dYError)
    {
        (double[] dX, double[] dGamma, double[] dBeta) = BackwardBound(dims, groups, epsilon, x, gamma, dY);
        (_, double[] inverse) = Statistics(dims, groups, epsilon, x);
        double[] normalised = Normalise(dims, groups, epsilon, x);
        int m = GroupSize(dims, groups);
        double[] meanG = new double[dims.N * groups], meanGx = new double[dims.N * groups];
        for (int i = 0; i < x.Length; i++)
        {
            double g = Math.Abs(gamma[i % dims.C]) * dYError[i], xHat = Math.Abs(normalised[i]);
            meanG[Group(dims, groups, i)] += g / m;
            meanGx[Group(dims, groups, i)] += g * xHat / m;
            dGamma[i % dims.C] += ErrorBound.SecondOrder * dYError[i] * xHat;
            dBeta[i % dims.C] += ErrorBound.SecondOrder * dYError[i];
        }

        for (int i = 0; i < x.Length; i++)
        {
            int group = Group(dims, groups, i);
            double g = Math.Abs(gamma[i % dims.C]) * dYError[i];
            dX[i] += ErrorBound.SecondOrder * inverse[group] * (g + meanG[group] + Math.Abs(normalised[i]) * meanGx[group]);
        }

        return (dX, dGamma, dBeta);
    }

    /// <inheritdoc cref="BackwardBound(Dims, int, double, double[], double[], double[], double[])"/>
    public static (double[] dX, double[] dGamma, double[] dBeta) BackwardBound(
        Dims dims, int groups, double epsilon, double[] x, double[] gamma, double[] dY)
    {
        const double u = ErrorBound.UnitRoundoff;
        (_, double[] inverse) = Statistics(dims, groups, epsilon, x);
        double[] normalised = Normalise(dims, groups, epsilon, x);
        var (inverseError, normalisedError) = Errors(dims, groups, epsilon, x);
        int m = GroupSize(dims, groups);
        int rows = x.Length / dims.C;
        var dGamma = new double[dims.C];
        var dBeta = new double[dims.C];
        var meanG = new double[dims.N * groups];
        var meanGx = new double[dims.N * groups];
        var meanGError = new double[dims.N * groups];
        for (int i = 0; i < x.Length; i++)
        {
            int group = Group(dims, groups, i);
            double d = Math.Abs(dY[i]);
            double g = d * Math.Abs(gamma[i % dims.C]);
            meanG[group] += g / m;
            meanGx[group] += g * Math.Abs(normalised[i]) / m;
            meanGError[group] += g * normalisedError[i] / m;
            dGamma[i % dims.C] += ErrorBound.Gamma(rows + 1) * d * Math.Abs(normalised[i]) + d * normalisedError[i];
            dBeta[i % dims.C] += ErrorBound.Gamma(rows) * d + ErrorBound.SmallestNormal;
        }

        var dX = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int group = Group(dims, groups, i);
            double g = Math.Abs(gamma[i % dims.C] * dY[i]);
            double xHat = Math.Abs(normalised[i]);
            double size = g + meanG[group] + xHat * meanGx[group];
            double inner = 6 * u * size
                + ErrorBound.Gamma(m + 7) * (meanG[group] + xHat * meanGx[group])
                + xHat * meanGError[group]
                + meanGx[group] * normalisedError[i];
            dX[i] = ErrorBound.SecondOrder * inverse[group] * (inner + inverseError[group] * size) + ErrorBound.SmallestNormal;
        }

        return (dX, dGamma, dBeta);
    }

    private static double[] Normalise(Dims dims, int groups, double epsilon, double[] x)
    {
        (double[] mean, double[] inverse) = Statistics(dims, groups, epsilon, x);
        var normalised = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int group = Group(dims, groups, i);
            normalised[i] = (x[i] - mean[group]) * inverse[group];
        }

        return normalised;
    }

    // The relative error of each group's inverse deviation, and the absolute error of each x̂.
    private static (double[] inverse, double[] normalised) Errors(Dims dims, int groups, double epsilon, double[] x)
    {
        const double u = ErrorBound.UnitRoundoff;
        (double[] mean, double[] inverse) = Statistics(dims, groups, epsilon, x);
        double[] normalised = Normalise(dims, groups, epsilon, x);
        int m = GroupSize(dims, groups);
        var meanAbsolute = new double[mean.Length];
        for (int i = 0; i < x.Length; i++)
        {
            meanAbsolute[Group(dims, groups, i)] += Math.Abs(x[i]) / m;
        }

        var inverseError = new double[mean.Length];
        var normalisedError = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int group = Group(dims, groups, i);
            double total = 1 / (inverse[group] * inverse[group]);
            double variance = Math.Max(0, total - epsilon);

            // A sum of m terms and a division (5u). A mean off by δ adds δ² to the variance; a square and three roundings each term.
            double meanError = ErrorBound.Gamma(m + 5) * meanAbsolute[group];
            double varianceError = meanError * meanError + ErrorBound.Gamma(m + 8) * (variance + meanError * meanError);
            double relative = varianceError / total + u;

            // (1 + r)^−½ differs from 1 by less than r for r ≤ ½; then 1/√ in float32 (at most a square root and a division).
            inverseError[group] = relative + 7 * ErrorBound.Epsilon;
            double differenceError = meanError + 3 * u * (Math.Abs(x[i]) + Math.Abs(mean[group]));
            normalisedError[i] = ErrorBound.SecondOrder * (inverse[group] * (1 + inverseError[group]) * differenceError
                + Math.Abs(normalised[i]) * (inverseError[group] + u));
        }

        return (inverseError, normalisedError);
    }

    private static int Group(Dims dims, int groups, int index) =>
        index / (dims.H * dims.W * dims.C) * groups + index % dims.C / (dims.C / groups);

    private static int GroupSize(Dims dims, int groups)
    {
        if (groups < 1 || dims.C % groups != 0)
        {
            throw new ArgumentException($"The number of groups must divide the {dims.C} channels, but is {groups}.", nameof(groups));
        }

        return dims.H * dims.W * (dims.C / groups);
    }
}

using System;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>The sum over an image's values that its likelihood needs; the others are 0. Sums of several images can be added.</summary>
/// <param name="Absolute">Σ|x − x̂|</param>
/// <param name="Square">Σ(x − x̂)²</param>
/// <param name="Direct">
/// Σ −log p of a Bernoulli likelihood, x̂ kept 1e-7 away from 0 and 1, or of a discretized logistic one (<see cref="LikelihoodKind"/>).
/// </param>
public readonly record struct ErrorSums(double Absolute, double Square, double Direct)
{
    private const double Margin = 1e-7;

    /// <param name="scale">s of a discretized logistic likelihood; the others do not need theirs here.</param>
    public static ErrorSums Of(LikelihoodKind kind, ReadOnlySpan<float> x, ReadOnlySpan<float> mean, double scale)
    {
        double sum = 0;
        switch (kind)
        {
            case LikelihoodKind.Gaussian:
                for (int i = 0; i < x.Length; i++)
                    sum += ((double)x[i] - mean[i]) * ((double)x[i] - mean[i]);
                return new ErrorSums(0, sum, 0);
            case LikelihoodKind.Laplace:
                for (int i = 0; i < x.Length; i++)
                    sum += Math.Abs((double)x[i] - mean[i]);
                return new ErrorSums(sum, 0, 0);
            case LikelihoodKind.DiscretizedLogistic:
                for (int i = 0; i < x.Length; i++)
                    sum += DiscretizedLogistic(x[i], mean[i], scale);
                return new ErrorSums(0, 0, sum);
            default:
                for (int i = 0; i < x.Length; i++)
                {
                    double p = Math.Clamp((double)mean[i], Margin, 1 - Margin);
                    sum -= (x[i] * Math.Log(p)) + ((1 - x[i]) * Math.Log(1 - p));
                }

                return new ErrorSums(0, 0, sum);
        }
    }

    public static ErrorSums operator +(ErrorSums a, ErrorSums b) =>
        new(a.Absolute + b.Absolute, a.Square + b.Square, a.Direct + b.Direct);

    // With a and b the ends of the step of x in units of s: σ(a) − σ(b) = σ(a) (1 − σ(b)) (1 − exp(b − a)), which does not cancel.
    private static double DiscretizedLogistic(double x, double mean, double scale)
    {
        double k = Math.Floor((Math.Clamp(x, 0, 1) * 255) + 0.5), a = (((k + 0.5) / 255) - mean) / scale, b = (((k - 0.5) / 255) - mean) / scale;
        double nll = 0;
        if (k < 255)
            nll += Softplus(-a);
        if (k > 0)
            nll += Softplus(b);
        return k is > 0 and < 255 ? nll - Math.Log(-double.ExpM1(b - a)) : nll;
    }

    private static double Softplus(double v) => Math.Max(v, 0) + double.LogP1(Math.Exp(-Math.Abs(v)));
}

/// <summary>p(x|z) of one image at a time, at a given scale.</summary>
/// <param name="options">The distribution.</param>
/// <param name="scale">σ, b or s; a Bernoulli likelihood has none.</param>
public sealed class ImageLikelihood(LikelihoodOptions options, double scale)
{
    /// <summary>log p(x|z) in nats, summed over the image's values.</summary>
    /// <param name="x">The image's values.</param>
    /// <param name="mean">The means of p(x|z): what the decoder gives, after its link.</param>
    public double LogDensity(ReadOnlySpan<float> x, ReadOnlySpan<float> mean)
    {
        ErrorSums errors = ErrorSums.Of(options.Kind, x, mean, scale);
        return -options.NegativeLogLikelihood(errors.Absolute, errors.Square, errors.Direct, x.Length, scale);
    }
}

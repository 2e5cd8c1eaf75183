using System;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>The sum over an image's values that its likelihood needs; the others are 0. Sums of several images can be added.</summary>
/// <param name="Absolute">Σ|x − x̂|</param>
/// <param name="Square">Σ(x − x̂)²</param>
/// <param name="Bernoulli">−Σ (x log x̂ + (1 − x) log(1 − x̂)), x̂ kept 1e-7 away from 0 and 1.</param>
public readonly record struct ErrorSums(double Absolute, double Square, double Bernoulli)
{
    private const double Margin = 1e-7;

    public static ErrorSums Of(LikelihoodKind kind, ReadOnlySpan<float> x, ReadOnlySpan<float> mean)
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
        new(a.Absolute + b.Absolute, a.Square + b.Square, a.Bernoulli + b.Bernoulli);
}

/// <summary>p(x|z) of one image at a time, at a given scale.</summary>
/// <param name="options">The distribution.</param>
/// <param name="scale">σ or b; a Bernoulli likelihood has none.</param>
public sealed class ImageLikelihood(LikelihoodOptions options, double scale)
{
    /// <summary>log p(x|z) in nats, summed over the image's values.</summary>
    /// <param name="x">The image's values.</param>
    /// <param name="mean">The means of p(x|z): what the decoder gives, after its link.</param>
    public double LogDensity(ReadOnlySpan<float> x, ReadOnlySpan<float> mean)
    {
        ErrorSums errors = ErrorSums.Of(options.Kind, x, mean);
        return -options.NegativeLogLikelihood(errors.Absolute, errors.Square, errors.Bernoulli, x.Length, scale);
    }
}

using System;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Negative log-likelihood of targets x in [0, 1] given logits l, both [N, D] with D pixels·channels: summed over D, averaged over
/// the N images, in nats, normalising constants included. With x̂ = link(l), each value contributes
/// Gaussian ½·log(2πσ²) + (x − x̂)²/(2σ²); Laplace log(2b) + |x − x̂|/b; Bernoulli −x·log σ(l) − (1 − x)·log(1 − σ(l)).
/// The optimal scale (σ-VAE, arXiv:2006.13202) minimises the sum over the batch: σ² = mean (x − x̂)², b = mean |x − x̂|.
/// </summary>
public static class LikelihoodReference
{
    public enum Distribution
    {
        Gaussian,
        Laplace,
        Bernoulli,
    }

    public enum Link
    {
        Identity,
        Sigmoid,
    }

    /// <summary>Which likelihood. <paramref name="Scale"/> is σ or b; null is the optimal one, at least <paramref name="Floor"/>.</summary>
    public readonly record struct Settings(Distribution Distribution, Link Link, double? Scale = null, double Floor = 1e-3);

    /// <summary>The value of the class formula for a batch of <paramref name="n"/> images.</summary>
    public static double Forward(Settings settings, int n, double[] logits, double[] targets)
    {
        Require(settings, n, logits, targets);
        double scale = Scale(settings, logits, targets);
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double l = logits[i];
            double error = Mean(settings.Link, l) - targets[i];
            sum += settings.Distribution switch
            {
                Distribution.Gaussian => 0.5 * Math.Log(2 * Math.PI * scale * scale) + error * error / (2 * scale * scale),
                Distribution.Laplace => Math.Log(2 * scale) + Math.Abs(error) / scale,

                // The Bernoulli terms rearranged so that neither exponential can overflow.
                _ => Math.Max(l, 0) - l * targets[i] + Math.Log(1 + Math.Exp(-Math.Abs(l))),
            };
        }

        return sum / n;
    }

    /// <summary>
    /// With e = x̂ − x: Gaussian dx̂ = e/σ²/N, Laplace dx̂ = sign(e)/b/N with sign(0) = 0, dl = dx̂·link′(l); Bernoulli
    /// dl = (σ(l) − x)/N. The same for the optimal scale: ∂NLL/∂scale = 0 there, and a scale at its floor does not move. Written (=).
    /// </summary>
    public static double[] Backward(Settings settings, int n, double[] logits, double[] targets)
    {
        Require(settings, n, logits, targets);
        double scale = Scale(settings, logits, targets);
        var dLogits = new double[logits.Length];
        for (int i = 0; i < logits.Length; i++)
        {
            double error = Mean(settings.Link, logits[i]) - targets[i];
            double slope = settings.Link == Link.Sigmoid ? ActivationReference.Derivative(ActivationReference.Kind.Sigmoid, logits[i]) : 1;
            dLogits[i] = settings.Distribution switch
            {
                Distribution.Gaussian => error / (scale * scale) / n * slope,
                Distribution.Laplace => Math.Sign(error) / scale / n * slope,
                _ => error / n,
            };
        }

        return dLogits;
    }

    /// <summary>The scale in force: the given one, or the optimal one of this batch, at least the floor. 1 for Bernoulli.</summary>
    public static double Scale(Settings settings, double[] logits, double[] targets)
    {
        if (settings.Distribution == Distribution.Bernoulli)
        {
            return 1;
        }

        double sum = Misfit(settings, logits, targets) / logits.Length;
        return settings.Scale ?? Math.Max(settings.Floor, settings.Distribution == Distribution.Gaussian ? Math.Sqrt(sum) : sum);
    }

    /// <summary>The error of the value in float32, the N·D terms added in any order.</summary>
    public static double ForwardBound(Settings settings, int n, double[] logits, double[] targets)
    {
        double scale = Scale(settings, logits, targets);
        int count = logits.Length;
        if (settings.Distribution == Distribution.Bernoulli)
        {
            double error = 0;
            for (int i = 0; i < count; i++)
            {
                double l = Math.Abs(logits[i]);
                double exp = Math.Exp(-l);
                double magnitude = Math.Max(logits[i], 0) + l * targets[i] + Math.Log(1 + exp);
                error += ErrorBound.Gamma(count + 6) * magnitude + ErrorBound.Exp(-l)
                    + ErrorBound.UnitRoundoff + ErrorBound.Log(1 + exp);
            }

            return ErrorBound.SecondOrder * error / n;
        }

        double misfit = Misfit(settings, logits, targets);
        double misfitError = MisfitError(settings, logits, targets);
        double relative = SquaredScaleError(settings, logits, targets);
        bool gaussian = settings.Distribution == Distribution.Gaussian;
        double divisor = gaussian ? 2 * scale * scale : scale;
        double argument = gaussian ? 2 * Math.PI * scale * scale : 2 * scale;
        double perValue = (gaussian ? 0.5 : 1) / n * count;
        double logError = relative + ErrorBound.Log(argument) + 6 * ErrorBound.UnitRoundoff * (1 + Math.Abs(Math.Log(argument)));
        return ErrorBound.SecondOrder
            * ((misfitError + misfit * (relative + 12 * ErrorBound.UnitRoundoff)) / divisor / n + perValue * logError);
    }

    /// <summary>The error of dLogits in float32. Where |x̂ − x| is within its own error, the sign of a Laplace gradient is open.</summary>
    public static double[] BackwardBound(Settings settings, int n, double[] logits, double[] targets)
    {
        const double u = ErrorBound.UnitRoundoff;
        double scale = Scale(settings, logits, targets);
        double relative = SquaredScaleError(settings, logits, targets) + 16 * u;
        double[] gradient = Backward(settings, n, logits, targets);
        var bound = new double[logits.Length];
        for (int i = 0; i < logits.Length; i++)
        {
            double e = Mean(settings.Link, logits[i]) - targets[i];
            double eError = ErrorOfError(settings.Link, logits[i], targets[i]);
            double meanError = MeanError(settings.Link, logits[i]);
            double slope = settings.Link == Link.Sigmoid ? ActivationReference.Derivative(ActivationReference.Kind.Sigmoid, logits[i]) : 1;
            double slopeError = settings.Link == Link.Sigmoid ? meanError + 3 * u * slope : 0;
            (double size, double sizeError) = settings.Distribution switch
            {
                Distribution.Gaussian => (Math.Abs(e) / (scale * scale), eError / (scale * scale)),
                Distribution.Laplace => (1 / scale, Math.Abs(e) <= eError ? 2 / scale : 0),
                _ => (Math.Abs(e), eError),
            };
            double chain = settings.Distribution == Distribution.Bernoulli
                ? sizeError
                : sizeError * (slope + slopeError) + size * slopeError;
            bound[i] = ErrorBound.SecondOrder * (chain / n + Math.Abs(gradient[i]) * relative) + 4 * ErrorBound.SmallestNormal;
        }

        return bound;
    }

    /// <summary>The value of each image, [N]; the scale is that of the whole batch.</summary>
    public static double[] Rows(Settings settings, int n, double[] logits, double[] targets)
    {
        Settings fixedScale = settings with { Scale = Scale(settings, logits, targets) };
        int each = logits.Length / n;
        return Enumerable.Range(0, n).Select(i => Forward(fixedScale, 1, Row(logits, i, each), Row(targets, i, each))).ToArray();
    }

    /// <summary>The errors of <see cref="Rows"/> in float32.</summary>
    public static double[] RowBounds(Settings settings, int n, double[] logits, double[] targets)
    {
        double scale = Scale(settings, logits, targets), relative = SquaredScaleError(settings, logits, targets);
        Settings fixedScale = settings with { Scale = scale };
        int each = logits.Length / n;
        return Enumerable.Range(0, n).Select(i =>
        {
            double[] l = Row(logits, i, each), x = Row(targets, i, each);
            double misfit = settings.Distribution == Distribution.Bernoulli ? 0 : Misfit(settings, l, x);
            double ofScale = settings.Distribution switch
            {
                Distribution.Gaussian => 0.5 * (each + (misfit / (scale * scale))),
                Distribution.Laplace => each + (misfit / scale),
                _ => 0,
            };
            return ForwardBound(fixedScale, 1, l, x) + (ErrorBound.SecondOrder * relative * ofScale);
        }).ToArray();
    }

    /// <summary>Σ of the weights times d(−log p)/d(log scale) of each image: n − Σd²/σ², or n − Σ|d|/b.</summary>
    public static double ScaleGradient(Settings settings, int n, double[] logits, double[] targets, double[] dNll)
    {
        double scale = settings.Scale!.Value;
        int each = logits.Length / n;
        double divisor = settings.Distribution == Distribution.Gaussian ? scale * scale : scale;
        return Enumerable.Range(0, n).Sum(i => dNll[i] * (each - (Misfit(settings, Row(logits, i, each), Row(targets, i, each)) / divisor)));
    }

    /// <summary>The error of <see cref="ScaleGradient"/> in float32, of a scale that is itself exp of a float.</summary>
    public static double ScaleGradientBound(Settings settings, int n, double[] logits, double[] targets, double[] dNll)
    {
        double scale = settings.Scale!.Value, divisor = settings.Distribution == Distribution.Gaussian ? scale * scale : scale;
        double scaleError = 2 * ErrorBound.Exp(Math.Log(scale)) / scale;
        int each = logits.Length / n;
        return ErrorBound.SecondOrder * Enumerable.Range(0, n).Sum(i =>
        {
            double[] l = Row(logits, i, each), x = Row(targets, i, each);
            double part = Misfit(settings, l, x) / divisor;
            return Math.Abs(dNll[i]) * ((MisfitError(settings, l, x) / divisor) + (part * scaleError) + (ErrorBound.Gamma(n + 8) * (each + part)));
        });
    }

    private static double[] Row(double[] values, int i, int each) => values.AsSpan(i * each, each).ToArray();

    // Σ (x̂ − x)² or Σ |x̂ − x|: what the scale is the mean of.
    private static double Misfit(Settings settings, double[] logits, double[] targets)
    {
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            double error = Mean(settings.Link, logits[i]) - targets[i];
            sum += settings.Distribution == Distribution.Gaussian ? error * error : Math.Abs(error);
        }

        return sum;
    }

    private static double MisfitError(Settings settings, double[] logits, double[] targets)
    {
        double sum = ErrorBound.Gamma(logits.Length + 2) * Misfit(settings, logits, targets);
        for (int i = 0; i < logits.Length; i++)
        {
            double e = Math.Abs(Mean(settings.Link, logits[i]) - targets[i]);
            double eError = ErrorOfError(settings.Link, logits[i], targets[i]);
            sum += settings.Distribution == Distribution.Gaussian ? 2 * e * eError + eError * eError : eError;
        }

        return sum;
    }

    // The relative error of σ² (Gaussian) or b (Laplace). A given scale is rounded, squared and rounded again.
    private static double SquaredScaleError(Settings settings, double[] logits, double[] targets)
    {
        double given = 4 * ErrorBound.UnitRoundoff;
        bool computed = settings.Distribution != Distribution.Bernoulli && settings.Scale == null;
        double scale = Scale(settings, logits, targets);
        double target = settings.Distribution == Distribution.Gaussian ? scale * scale : scale;
        return computed ? given + 16 * ErrorBound.UnitRoundoff + MisfitError(settings, logits, targets) / (logits.Length * target) : given;
    }

    private static double Mean(Link link, double logit) =>
        link == Link.Sigmoid ? ActivationReference.Value(ActivationReference.Kind.Sigmoid, logit) : logit;

    private static double MeanError(Link link, double logit) =>
        link == Link.Sigmoid ? ActivationReference.ForwardBound(ActivationReference.Kind.Sigmoid, logit) : 0;

    private static double ErrorOfError(Link link, double logit, double target) =>
        MeanError(link, logit) + ErrorBound.UnitRoundoff * Math.Abs(Mean(link, logit) - target);

    private static void Require(Settings settings, int n, double[] logits, double[] targets)
    {
        Dims.RequireLength(targets, logits.Length, nameof(targets), "the shape of the logits");
        if (n < 1 || logits.Length % n != 0)
        {
            throw new ArgumentException($"The {logits.Length} logits must divide into n images, but n is {n}.", nameof(n));
        }

        if (settings.Distribution == Distribution.Bernoulli && settings.Link != Link.Sigmoid)
        {
            throw new ArgumentException(
                $"A Bernoulli likelihood takes logits: expected Link.Sigmoid, found {settings.Link}.", nameof(settings));
        }
    }
}

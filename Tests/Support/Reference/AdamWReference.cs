using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv:1711.05101, algorithm 2, with the decay scaled by the learning rate) with global-norm
/// clipping and an exponential moving average (EMA) of the weights. At step t = 1, 2, …
/// g ← g·min(1, MaxNorm/(‖g‖ + 10⁻⁶)) with the norm over all tensors; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²;
/// w ← w − lr·λ·w − lr·m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ); ema ← d·ema + (1 − d)·w.
/// </summary>
public static class AdamWReference
{
    /// <summary>
    /// The settings of one step. For comparison with float32 give each as a float32 value, for which 1 − β is then exact.
    /// An infinite <paramref name="MaxNorm"/> turns clipping off.
    /// </summary>
    public readonly record struct Settings(
        double LearningRate,
        double Beta1 = 0.9f,
        double Beta2 = 0.999f,
        double Epsilon = 1e-8f,
        double WeightDecay = 0,
        double MaxNorm = double.PositiveInfinity,
        double EmaDecay = 0.999f);

    /// <summary>One tensor and its optimizer state. <paramref name="Decays"/> is false for those that weight decay leaves alone.</summary>
    public sealed record Tensor(double[] Weight, double[] FirstMoment, double[] SecondMoment, double[] Ema, bool Decays = true)
    {
        /// <summary>The state before step 1: zero moments, and the average starting at the weights.</summary>
        public static Tensor Start(double[] weight, bool decays = true) =>
            new(weight.ToArray(), new double[weight.Length], new double[weight.Length], weight.ToArray(), decays);
    }

    /// <summary>The Euclidean norm over all gradients.</summary>
    public static double GlobalNorm(IReadOnlyList<double[]> gradients) => Math.Sqrt(gradients.Sum(g => g.Sum(v => v * v)));

    /// <summary>Performs step <paramref name="step"/> (counted from 1) in place on every tensor.</summary>
    public static void Step(IReadOnlyList<Tensor> tensors, IReadOnlyList<double[]> gradients, Settings s, int step)
    {
        double clip = Clip(gradients, s);
        double correction1 = 1 - Math.Pow(s.Beta1, step);
        double correction2 = 1 - Math.Pow(s.Beta2, step);
        for (int k = 0; k < tensors.Count; k++)
        {
            Tensor tensor = tensors[k];
            Dims.RequireLength(gradients[k], tensor.Weight.Length, nameof(gradients), $"tensor {k}");
            for (int i = 0; i < tensor.Weight.Length; i++)
            {
                double g = gradients[k][i] * clip;
                double m = s.Beta1 * tensor.FirstMoment[i] + (1 - s.Beta1) * g;
                double v = s.Beta2 * tensor.SecondMoment[i] + (1 - s.Beta2) * g * g;
                double w = tensor.Weight[i];
                double decay = tensor.Decays ? s.LearningRate * s.WeightDecay * w : 0;
                w = w - decay - s.LearningRate * (m / correction1) / (Math.Sqrt(v / correction2) + s.Epsilon);
                tensor.FirstMoment[i] = m;
                tensor.SecondMoment[i] = v;
                tensor.Weight[i] = w;
                tensor.Ema[i] = s.EmaDecay * tensor.Ema[i] + (1 - s.EmaDecay) * w;
            }
        }
    }

    /// <summary>
    /// The float32 error of one step that starts from exact states, as tensors of bounds. Bias corrections are taken to be computed in
    /// double and rounded once. <paramref name="normTerms"/>: the longest chain of additions in the norm (default: every element).
    /// </summary>
    public static Tensor[] StepBound(
        IReadOnlyList<Tensor> before, IReadOnlyList<double[]> gradients, Settings s, int step, int? normTerms = null)
    {
        const double u = ErrorBound.UnitRoundoff;
        double clip = Clip(gradients, s);
        int terms = normTerms ?? gradients.Sum(g => g.Length);
        double clipError = double.IsInfinity(s.MaxNorm) ? 0 : ErrorBound.Gamma(terms + 1) / 2 + 24 * u;
        double correction1 = 1 - Math.Pow(s.Beta1, step);
        double correction2 = 1 - Math.Pow(s.Beta2, step);
        var bounds = new Tensor[before.Count];
        for (int k = 0; k < before.Count; k++)
        {
            Tensor old = before[k];
            Tensor bound = bounds[k] = Tensor.Start(new double[old.Weight.Length]);
            for (int i = 0; i < old.Weight.Length; i++)
            {
                double g = Math.Abs(gradients[k][i] * clip);
                double gError = g * clipError;
                double m = s.Beta1 * old.FirstMoment[i] + (1 - s.Beta1) * gradients[k][i] * clip;
                double mSize = s.Beta1 * Math.Abs(old.FirstMoment[i]) + (1 - s.Beta1) * g;
                double v = s.Beta2 * old.SecondMoment[i] + (1 - s.Beta2) * g * g;
                double mError = (1 - s.Beta1) * gError + ErrorBound.Sum(4, mSize);
                double vError = (1 - s.Beta2) * 2 * g * gError + ErrorBound.Sum(5, v);

                // d√v = dv/(2√v), but never more than √dv, which is all that is known where v underflows.
                double vHat = v / correction2;
                double vHatError = vError / correction2 + 6 * u * vHat;
                double root = Math.Sqrt(vHat);
                double rootError = Math.Min(root == 0 ? double.PositiveInfinity : vHatError / root, Math.Sqrt(vHatError)) + 10 * u * root;
                double denominator = root + s.Epsilon;
                double mHat = Math.Abs(m / correction1);
                double update = s.LearningRate * mHat / denominator;
                double updateError = s.LearningRate * (mError / correction1 + 6 * u * mHat) / denominator
                    + update * (rootError / denominator + 12 * u);
                double decay = old.Decays ? Math.Abs(s.LearningRate * s.WeightDecay * old.Weight[i]) : 0;
                double wSize = Math.Abs(old.Weight[i]) + decay + update;
                double wError = ErrorBound.SecondOrder * (updateError + ErrorBound.Sum(5, wSize));
                bound.FirstMoment[i] = ErrorBound.SecondOrder * mError;
                bound.SecondMoment[i] = ErrorBound.SecondOrder * vError;
                bound.Weight[i] = wError;
                bound.Ema[i] = (1 - s.EmaDecay) * wError
                    + ErrorBound.Sum(4, s.EmaDecay * Math.Abs(old.Ema[i]) + (1 - s.EmaDecay) * wSize);
            }
        }

        return bounds;
    }

    private static double Clip(IReadOnlyList<double[]> gradients, Settings s) =>
        double.IsInfinity(s.MaxNorm) ? 1 : Math.Min(1, s.MaxNorm / (GlobalNorm(gradients) + 1e-6));
}

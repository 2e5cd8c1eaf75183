using System;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Priors;

/// <summary>Fits class probabilities to the posteriors of the training images.</summary>
public static class CategoricalPriorFitter
{
    /// <summary>
    /// p[d, c] = the mean over the images of softmax(logits): of all priors with independent variables, the one nearest (by KL) to the
    /// aggregate posterior.
    /// </summary>
    /// <param name="logits">[images, D·C] from the encoder.</param>
    /// <param name="variables">D</param>
    /// <param name="classes">C</param>
    /// <exception cref="ArgumentException">There is no image, the logits are not whole images, or one of them is not finite.</exception>
    public static CategoricalPrior Fit(ReadOnlySpan<float> logits, int variables, int classes)
    {
        if (variables < 1 || classes < 2)
            throw new ArgumentException(
                $"A categorical prior has at least 1 variable of at least 2 classes; found {variables} of {classes}.");
        int width = checked(variables * classes);
        if (logits.Length == 0 || logits.Length % width != 0)
            throw new ArgumentException($"Expected logits of one or more images, {width} numbers each; found {logits.Length} numbers.",
                nameof(logits));
        var sums = new double[width];
        var weights = new double[classes];
        for (int first = 0; first < logits.Length; first += classes)
        {
            float largest = float.NegativeInfinity;
            for (int c = 0; c < classes; c++)
            {
                if (!float.IsFinite(logits[first + c]))
                    throw new ArgumentException($"The logits must be finite; found {logits[first + c]} at {first + c}.", nameof(logits));
                largest = Math.Max(largest, logits[first + c]);
            }

            double total = 0;
            for (int c = 0; c < classes; c++)
                total += weights[c] = PortableMath.Exp((double)logits[first + c] - largest);
            for (int c = 0; c < classes; c++)
                sums[(first % width) + c] += weights[c] / total;
        }

        int images = logits.Length / width;
        return new CategoricalPrior(Array.ConvertAll(sums, sum => (float)(sum / images)), variables, classes);
    }
}

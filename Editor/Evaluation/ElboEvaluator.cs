using System;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>How well a model explains images; figures in nats are for one image.</summary>
/// <param name="Images">How many were scored.</param>
/// <param name="Elbo">−(reconstruction + KL)</param>
/// <param name="Reconstruction">−log p(x|z), z a sample of the posterior, summed over pixels and channels.</param>
/// <param name="Kl">KL(q(z|x) ‖ N(0, I))</param>
/// <param name="Psnr">Of the reconstruction from μ, in dB, over all premultiplied values.</param>
/// <param name="ActiveUnits">Dimensions whose μ varies over the images by more than 0.01 (Burda et al. 2015, arXiv:1509.00519).</param>
/// <param name="Scale">σ or b of the likelihood that was used.</param>
/// <param name="KlPerDimension">[Z]</param>
public sealed record ElboReport(int Images, double Elbo, double Reconstruction, double Kl, double Psnr, int ActiveUnits, double Scale, double[] KlPerDimension);

/// <summary>Scores images under a model; sums in double precision, in a fixed order.</summary>
public static class ElboEvaluator
{
    private const uint Stream = 0x400;

    /// <param name="runner">The model.</param>
    /// <param name="images">What to score; of the model's size.</param>
    /// <param name="scale">σ or b; null: the likelihood's fixed scale, or the optimum of these images.</param>
    /// <param name="seed">Of the posterior samples.</param>
    public static ElboReport Evaluate(VaeRunner runner, ArtSet images, double? scale, ulong seed)
    {
        VaeArchitecture a = runner.Architecture;
        int z = a.LatentSize, count = images.Images.Count;
        float[] x = InputsOf(a, images);
        (float[] mean, float[] logVariance) = runner.Encode(x);
        var sample = new float[mean.Length];
        Philox.FillNormals(seed, Stream, 0, sample);
        var kl = new double[z];
        for (int i = 0; i < mean.Length; i++)
        {
            double l = Math.Clamp(logVariance[i], -12, 12);
            kl[i % z] += 0.5 * ((mean[i] * (double)mean[i]) + Math.Exp(l) - l - 1) / count;
            sample[i] = mean[i] + ((float)Math.Exp(0.5 * l) * sample[i]);
        }

        (double absolute, double square, double bernoulli) = Errors(x, runner.Decode(sample));
        double values = (double)count * a.Values;
        double used = a.Likelihood.Kind == LikelihoodKind.Bernoulli ? 1 : scale ?? a.Likelihood.OptimalScale(absolute, square, values);
        double reconstruction = a.Likelihood.NegativeLogLikelihood(absolute, square, bernoulli, values, used) / count;
        double psnr = 10 * Math.Log10(values / Math.Max(Errors(x, runner.Decode(mean)).Square, 1e-30));
        return new ElboReport(count, -(reconstruction + kl.Sum()), reconstruction, kl.Sum(), psnr, CountActive(mean, z), used, kl);
    }

    /// <summary>The images as a model sees them, [count, H, W, C].</summary>
    public static float[] InputsOf(VaeArchitecture architecture, ArtSet images)
    {
        var x = new float[images.Images.Count * architecture.Values];
        ModelPixels.FromRgba8(architecture.Pixels, images.Pack(), x);
        return x;
    }

    /// <summary>The images as premultiplied RGBA, [count, H, W, 4].</summary>
    public static float[] Premultiply(ArtSet images)
    {
        byte[] rgba = images.Pack();
        var x = new float[rgba.Length];
        Premultiplied.FromRgba8(rgba, x);
        return x;
    }

    /// <summary>Σ|x − x̂|, Σ(x − x̂)² and the Bernoulli −log p(x|x̂).</summary>
    private static (double Absolute, double Square, double Bernoulli) Errors(float[] x, float[] mean)
    {
        double absolute = 0, square = 0, bernoulli = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double d = (double)x[i] - mean[i], p = Math.Clamp((double)mean[i], 1e-7, 1 - 1e-7);
            absolute += Math.Abs(d);
            square += d * d;
            bernoulli -= (x[i] * Math.Log(p)) + ((1 - x[i]) * Math.Log(1 - p));
        }

        return (absolute, square, bernoulli);
    }

    private static int CountActive(float[] mean, int z)
    {
        int count = mean.Length / z, active = 0;
        for (int j = 0; j < z; j++)
        {
            double sum = 0, squares = 0;
            for (int i = 0; i < count; i++)
                sum += mean[(i * z) + j];
            for (int i = 0; i < count; i++)
                squares += Math.Pow(mean[(i * z) + j] - (sum / count), 2);
            active += squares / count > 0.01 ? 1 : 0;
        }

        return active;
    }
}

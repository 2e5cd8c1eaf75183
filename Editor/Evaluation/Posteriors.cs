using System;
using System.Collections.Generic;
using System.Numerics;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>
/// The posteriors q(z|x_n) of N images beside the prior that they are held against: draws, densities and divergences, in nats. One
/// subclass for each kind of latents.
/// </summary>
/// <remarks>A draw depends on seed, n, k and Z only, so that all figures of one seed are made with the same draws.</remarks>
public abstract class Posteriors
{
    /// <param name="centres">[N, Z]</param>
    /// <param name="size">Z</param>
    /// <exception cref="ArgumentException">There are no whole latents.</exception>
    protected Posteriors(float[] centres, int size)
    {
        if (size < 1 || centres.Length == 0 || centres.Length % size != 0)
            throw new ArgumentException($"Posteriors need whole latents of {size} numbers; found {centres.Length} numbers.");
        (Centres, Size) = (centres, size);
    }

    /// <summary>Z, the numbers of a latent.</summary>
    public int Size { get; }

    /// <summary>N</summary>
    public int Count => Centres.Length / Size;

    /// <summary>[N, Z]: what an image is reconstructed from: the mean, the likeliest class of each variable, the point.</summary>
    public float[] Centres { get; }

    /// <summary>Whether there is something to draw, and a density: without, a latent costs nothing, and there is no ELBO.</summary>
    public virtual bool HasDensities => true;

    /// <summary>Whether <see cref="KlDecomposition"/> has a meaning.</summary>
    public virtual bool HasAggregate => HasDensities;

    /// <summary>Draw <paramref name="k"/> from the posterior of image <paramref name="n"/>.</summary>
    /// <param name="z">[Z], written.</param>
    public abstract void Sample(ulong seed, int n, int k, Span<float> z);

    /// <summary>Draw <paramref name="k"/> from every posterior, [N, Z].</summary>
    public float[] SampleAll(ulong seed, int k) => SampleMany(seed, 0, Count, k);

    /// <summary>Draw <paramref name="k"/> from the posteriors of some images, [count, Z].</summary>
    public float[] SampleMany(ulong seed, int first, int count, int k)
    {
        var z = new float[count * Size];
        for (int i = 0; i < count; i++)
            Sample(seed, first + i, k, z.AsSpan(i * Size, Size));
        return z;
    }

    /// <summary>log q(z|x_n)</summary>
    /// <exception cref="NotSupportedException">There is no density.</exception>
    public abstract double LogDensity(int n, ReadOnlySpan<float> z);

    /// <summary>log p(z)</summary>
    /// <inheritdoc cref="LogDensity"/>
    public abstract double LogPrior(int n, ReadOnlySpan<float> z);

    /// <summary>log q(z|x_n) − log p(z) at draw <paramref name="k"/>; log p(x|z) less it is the log weight of importance sampling.</summary>
    /// <param name="z">What <see cref="Sample"/> wrote.</param>
    /// <inheritdoc cref="LogDensity"/>
    public virtual double LogRatio(ulong seed, int n, int k, ReadOnlySpan<float> z) => LogDensity(n, z) - LogPrior(n, z);

    /// <summary>KL(q ‖ p) of image <paramref name="n"/>, a number for each dimension or variable; null where there is none.</summary>
    /// <param name="seed">Of the draws, where there is no closed form.</param>
    public abstract double[]? KlOf(int n, ulong seed = 0);

    /// <summary><see cref="KlOf"/> as a mean over the images.</summary>
    public virtual double[]? KlPerDimension(ulong seed = 0)
    {
        double[]? sum = null;
        for (int n = 0; n < Count; n++)
        {
            if (KlOf(n, seed) is not { } kl)
                return null;
            sum ??= new double[kl.Length];
            for (int j = 0; j < kl.Length; j++)
                sum[j] += kl[j] / Count;
        }

        return sum;
    }

    /// <summary>The variance over the images of the posterior's mean, as many numbers as <see cref="KlPerDimension"/>, or Z.</summary>
    /// <inheritdoc cref="KlOf"/>
    public abstract double[] MeanVariance(ulong seed = 0);

    /// <summary>The posteriors that a model gives to images.</summary>
    public static Posteriors Of(VaeRunner runner, ModelInputs images)
    {
        VaeArchitecture a = runner.Architecture;
        if (a.Latent == LatentKind.Categorical)
            return new CategoricalPosteriors(images.EncodeHead(runner), a.LatentSize, a.Classes);
        (float[] mean, float[] logVariance) = images.Encode(runner);
        if (a.Latent != LatentKind.Gaussian)
            return new PointPosteriors(mean, a.LatentSize);
        var first = new GaussianPosteriors(mean, logVariance, a.LatentSize);
        return runner.TopEncoder == null ? first : new TwoLayerPosteriors(first, runner.TopEncoder, runner.TopPrior!.Decoder);
    }

    /// <summary>q(z) = (1/N) Σ_n q(z|x_n) over some of the images.</summary>
    /// <exception cref="NotSupportedException"><see cref="HasAggregate"/> is false.</exception>
    internal virtual AggregateDensity Aggregate(int[] rows) => throw new NotSupportedException("These latents have no aggregate density.");

    /// <summary>Standard normals of draw <paramref name="k"/> of image <paramref name="n"/>.</summary>
    protected static void FillNormals(ulong seed, uint stream, int n, int k, Span<float> z)
    {
        Vector4 normals = default;
        for (int j = 0; j < z.Length; j++)
        {
            long element = ((long)n * z.Length) + j;
            if (j == 0 || element % 4 == 0)
                normals = Philox.Normal4(seed, stream, (uint)k, checked((uint)(element / 4)));
            z[j] = normals[(int)(element % 4)];
        }
    }

    /// <summary>The variance over the rows of each column of [N, width].</summary>
    protected static double[] VarianceOfColumns(ReadOnlySpan<float> values, int width)
    {
        int count = values.Length / width;
        var variance = new double[width];
        for (int j = 0; j < width; j++)
        {
            double sum = 0, squares = 0;
            for (int i = j; i < values.Length; i += width)
                sum += values[i];
            for (int i = j; i < values.Length; i += width)
                squares += Math.Pow(values[i] - (sum / count), 2);
            variance[j] = squares / count;
        }

        return variance;
    }
}

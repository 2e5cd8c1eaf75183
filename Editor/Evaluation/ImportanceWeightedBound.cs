using System;
using System.Linq;
using System.Threading.Tasks;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>
/// The importance-weighted bound L_K = E log (1/K) Σ_k p(x|z_k) p(z_k) / q(z_k|x), z_k drawn from q(z|x) (Burda et al. 2015,
/// arXiv:1509.00519, eq. 8). It rises with K from the ELBO at K = 1 towards log p(x). In nats an image.
/// </summary>
/// <param name="Samples">K</param>
/// <param name="Images">How many were scored.</param>
/// <param name="Bound">L_K; the standard error is over the images.</param>
/// <param name="FirstDraw">L_1 of the same images from the first draw alone, as <see cref="ElboEvaluator.Sampled"/> has it.</param>
/// <param name="EffectiveSamples">(Σw)² / Σw² of the weights, as a mean over the images: near 1, one draw has all the weight.</param>
public sealed record ImportanceWeightedBound(int Samples, int Images, Estimate Bound, Estimate FirstDraw, double EffectiveSamples)
{
    /// <summary>The largest K.</summary>
    public const int MostSamples = 100_000;

    /// <param name="likelihood">p(x|z), with its scale.</param>
    /// <param name="decode">The means of p(x|z), [count, values], of latents [count, Z]; asked for at most a chunk at a time.</param>
    /// <param name="images">What to score.</param>
    /// <param name="samples">K</param>
    /// <param name="seed">Of the draws: the first of a larger K are those of a smaller one.</param>
    /// <param name="most">Scores so many of the images, evenly spread over the set; null: all.</param>
    /// <param name="chunk">Latents that are decoded at a time; no result depends on it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="NotSupportedException">The posteriors have no densities.</exception>
    public static ImportanceWeightedBound Of(
        ImageLikelihood likelihood, Func<float[], float[]> decode, ScoredImages images, int samples, ulong seed, int? most = null,
        int chunk = 64) => Of(likelihood, (z, _) => decode(z), images, samples, seed, most, chunk);

    /// <param name="decode">As above, told also the place of each latent's image.</param>
    /// <inheritdoc cref="Of(ImageLikelihood, Func{float[], float[]}, ScoredImages, int, ulong, int?, int)"/>
    public static ImportanceWeightedBound Of(
        ImageLikelihood likelihood, Func<float[], int[], float[]> decode, ScoredImages images, int samples, ulong seed, int? most = null,
        int chunk = 64)
    {
        ImportanceWeights[] weights = PerImage(likelihood, decode, images, samples, seed, most, chunk);
        return new ImportanceWeightedBound(
            samples, weights.Length, Estimate.OfMean([.. weights.Select(w => w.LogMean)]),
            Estimate.OfMean([.. weights.Select(w => w.First)]), weights.Average(w => w.EffectiveSamples));
    }

    /// <summary>The weights of each image that is scored, in the set's order.</summary>
    /// <inheritdoc cref="Of(ImageLikelihood, Func{float[], float[]}, ScoredImages, int, ulong, int?, int)"/>
    public static ImportanceWeights[] PerImage(
        ImageLikelihood likelihood, Func<float[], float[]> decode, ScoredImages images, int samples, ulong seed, int? most = null,
        int chunk = 64) => PerImage(likelihood, (z, _) => decode(z), images, samples, seed, most, chunk);

    /// <param name="decode">As above, told also the place of each latent's image.</param>
    /// <inheritdoc cref="PerImage(ImageLikelihood, Func{float[], float[]}, ScoredImages, int, ulong, int?, int)"/>
    public static ImportanceWeights[] PerImage(
        ImageLikelihood likelihood, Func<float[], int[], float[]> decode, ScoredImages images, int samples, ulong seed, int? most = null,
        int chunk = 64)
    {
        Require(samples, MostSamples, nameof(samples));
        Require(chunk, int.MaxValue, nameof(chunk));
        Require(most ?? 1, int.MaxValue, nameof(most));
        int count = Math.Min(most ?? images.Count, images.Count), size = images.Posteriors.Size;
        int Scored(int i) => (int)((long)i * images.Count / count);
        var weights = new ImportanceWeights[count];
        long rows = (long)count * samples;
        for (long first = 0; first < rows; first += chunk)
        {
            // Row r is draw r mod K of image r / K, so that a chunk may hold many images or a part of one.
            int here = (int)Math.Min(chunk, rows - first);
            var z = new float[here * size];
            var logWeights = new double[here];
            Parallel.For(0, here, r => images.Posteriors.Sample(
                seed, Scored((int)((first + r) / samples)), (int)((first + r) % samples), z.AsSpan(r * size, size)));
            float[] means = decode(z, [.. Enumerable.Range(0, here).Select(r => Scored((int)((first + r) / samples)))]);
            Parallel.For(0, here, r =>
            {
                (int n, int k) = (Scored((int)((first + r) / samples)), (int)((first + r) % samples));
                ReadOnlySpan<float> drawn = z.AsSpan(r * size, size);
                logWeights[r] = likelihood.LogDensity(images.Image(n), means.AsSpan(r * images.Each, images.Each))
                    - images.Posteriors.LogRatio(seed, n, k, drawn);
            });
            for (int r = 0; r < here; r++)
                weights[(int)((first + r) / samples)].Add(logWeights[r]);
        }

        return weights;
    }

    private static void Require(int value, int most, string name)
    {
        if (value < 1 || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"Expected '{name}' from 1 to {most}; found {value}.");
    }
}

/// <summary>A running mean of weights that are given by their logarithms, in constant memory.</summary>
public struct ImportanceWeights
{
    private double largest;
    private double sum;
    private double squares;
    private long count;

    /// <summary>The first log weight.</summary>
    public double First { get; private set; }

    /// <summary>log (1/K) Σ_k w_k; of one weight, its logarithm to the bit.</summary>
    public readonly double LogMean => largest + (Math.Log(sum) - Math.Log(count));

    /// <summary>(Σw)² / Σw², from 1 to K.</summary>
    public readonly double EffectiveSamples => sum * sum / squares;

    /// <param name="logWeight">log w</param>
    public void Add(double logWeight)
    {
        if (count++ == 0)
        {
            (First, largest, sum, squares) = (logWeight, logWeight, 1, 1);
            return;
        }

        // Sums are kept in units of the largest weight so far: nothing overflows.
        if (logWeight > largest)
        {
            double shrink = Math.Exp(largest - logWeight);
            (largest, sum, squares) = (logWeight, sum * shrink, squares * shrink * shrink);
        }

        double weight = Math.Exp(logWeight - largest);
        sum += weight;
        squares += weight * weight;
    }
}

using System;
using System.Linq;
using System.Threading.Tasks;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Runtime.Models;

/// <summary>
/// Where a model's latents come from, and what can be done to them; no device is needed. A model, a seed and an index give the same
/// latent, to the bit, on every machine: models of equal <see cref="VaeModel.Hash"/> that have the same priors.
/// </summary>
public static class ModelLatents
{
    /// <summary>Latents that a thread draws in one go: as many as a prior over codes takes through its network together.</summary>
    private const int ChunkSize = 64;

    /// <summary>A new latent: number <paramref name="index"/> of the seed's sequence.</summary>
    /// <param name="temperature">1: as varied as the art; less: more typical; 0: the centre.</param>
    /// <param name="prior">Of which kind (<see cref="ILatentPrior.Kind"/>); null: the best that the model has.</param>
    /// <param name="label">Of a conditional model: what to draw; null: the labels in turn, by the index.</param>
    /// <exception cref="ArgumentException">
    /// The model has no such prior or label, or the temperature is negative or not finite.
    /// </exception>
    public static Latent Sample(
        this VaeModel model, ulong seed, uint index = 0, float temperature = 1, string? prior = null, string? label = null)
    {
        var one = new Latent[1];
        model.SampleMany(seed, one, index, temperature, prior, label);
        return one[0];
    }

    /// <summary>
    /// Fills <paramref name="results"/> with numbers <paramref name="start"/>, start + 1, … of the seed's sequence, the same as one by one,
    /// and much sooner where the prior is a network.
    /// </summary>
    /// <param name="threads">How many work on it at most; the result is the same.</param>
    /// <inheritdoc cref="Sample"/>
    public static void SampleMany(
        this VaeModel model,
        ulong seed,
        Memory<Latent> results,
        uint start = 0,
        float temperature = 1,
        string? prior = null,
        string? label = null,
        int threads = 1)
    {
        ILatentPrior from = model.Prior(prior);
        if (!(temperature >= 0) || float.IsInfinity(temperature))
            throw new ArgumentException($"The temperature is finite and at least 0; found {temperature}. 1 is as varied as the art.");
        if (threads < 1)
            throw new ArgumentException($"At least 1 thread must work; found {threads}.");
        int? named = label == null ? null : LabelPlace(model, label);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        int chunks = (results.Length + ChunkSize - 1) / ChunkSize;
        if (threads == 1 || chunks == 1)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
                Draw(chunk);
        }
        else
        {
            Parallel.For(0, chunks, options, Draw);
        }

        void Draw(int chunk)
        {
            int first = chunk * ChunkSize, z = from.Size;
            Span<Latent> wanted = results.Span.Slice(first, Math.Min(ChunkSize, results.Length - first));
            uint at = unchecked(start + (uint)first);
            int[]? labelOf = Labels(model.Architecture, at, wanted.Length, named);
            float[] drawn = LatentPriors.SampleMany(from, seed, at, wanted.Length, temperature, labelOf);
            for (int i = 0; i < wanted.Length; i++)
                wanted[i] = new Latent(drawn.AsSpan(i * z, z), labelOf?[i] ?? -1);
        }
    }

    /// <summary>The latent of a training asset: what the model makes of it is its reconstruction.</summary>
    /// <param name="name">With or without its extension.</param>
    /// <exception cref="ArgumentException">
    /// There is none of that name, and the message names some that are like it; or the model is conditional and the asset has no label.
    /// </exception>
    public static Latent Asset(this VaeModel model, string name)
    {
        AssetLatent asset = model.TryFindAsset(name)
            ?? throw new ArgumentException($"The model has no asset '{name}'. {model.SuggestAssets(name)}");
        return new Latent(asset.Mean, model.Architecture.IsConditional ? model.Architecture.LabelIndex(asset.Label) : -1);
    }

    /// <summary>z + amount · direction. Of categorical and quantized latents, what comes out lies between classes or codes.</summary>
    /// <param name="direction">The name of one that the model holds.</param>
    /// <exception cref="ArgumentException">The model lacks the direction, or the latent is of another model.</exception>
    public static Latent Move(this VaeModel model, Latent latent, string direction, float amount)
    {
        model.Require(latent);
        return latent.Move(model.Direction(direction), amount);
    }

    /// <summary>
    /// A latent near another. Of Gaussian latents and points z' = m + sqrt(1 − a²) (z − m) + a s ε, with m and s the mean and the
    /// deviation of the model's latents and ε ~ N(0, I): it keeps their distribution, and a = 1 forgets z. Of categorical ones each
    /// variable, and of quantized ones each place of the grid, is that of a fresh sample with the chance a.
    /// </summary>
    /// <param name="amount">a, from 0 (nothing changes) to 1.</param>
    /// <exception cref="ArgumentException">
    /// The amount is out of range, the latent is of another model, or there is no prior to sample.
    /// </exception>
    public static Latent Mutate(this VaeModel model, Latent latent, ulong seed, float amount)
    {
        model.Require(latent);
        if (!(amount >= 0 && amount <= 1))
            throw new ArgumentException($"A mutation has an amount from 0 to 1; found {amount}.", nameof(amount));
        float[] values = latent.Values.ToArray();
        if (model.Architecture.Latent is LatentKind.Gaussian or LatentKind.Point)
        {
            var noise = new float[values.Length];
            Philox.FillNormals(seed, LatentStreams.MutationNoise, 0, noise);
            double kept = Math.Sqrt(1 - ((double)amount * amount));
            for (int j = 0; j < values.Length; j++)
            {
                double mean = model.LatentMean[j];
                values[j] = (float)(mean + (kept * (values[j] - mean)) + ((double)amount * model.LatentDeviation[j] * noise[j]));
            }
        }
        else
        {
            Replace(model, latent, seed, amount, values);
        }

        return Latent.Owning(values, latent.Label);
    }

    /// <summary>
    /// Each dimension from one parent or the other, as the seed's coin falls; of categorical latents each variable, and of latents on a
    /// grid each place.
    /// </summary>
    /// <exception cref="ArgumentException">A latent is of another model, or their labels differ.</exception>
    public static Latent CrossOver(this VaeModel model, Latent a, Latent b, ulong seed)
    {
        model.Require(a);
        model.Require(b);
        return Latent.CrossOver(a, b, seed, PartOf(model.Architecture));
    }

    /// <summary>Refuses a latent that the model can't decode.</summary>
    /// <exception cref="ArgumentException">Its size is not the model's, or its label is none of the model's.</exception>
    public static void Require(this VaeModel model, Latent latent)
    {
        VaeArchitecture a = model.Architecture;
        if (latent.Size != a.LatentSize)
        {
            string found = latent.IsEmpty ? "an empty one" : $"{latent.Size}";
            throw new ArgumentException($"The model takes latents of {a.LatentSize} values; found {found}. "
                + "Sample one of this model, or name one of its assets.");
        }

        if (!a.IsConditional && latent.Label >= 0)
        {
            throw new ArgumentException($"The model is not conditional and takes no labels; found a latent of label {latent.Label}. "
                + "Use WithLabel(-1).");
        }

        if (a.IsConditional && (latent.Label < 0 || latent.Label >= a.Labels.Count))
        {
            throw new ArgumentException($"The model is conditional and takes latents of a label from 0 to {a.Labels.Count - 1}; found "
                + $"{(latent.Label < 0 ? "none" : $"{latent.Label}")}. Use WithLabel.");
        }
    }

    /// <summary>How many values of a latent belong together: those of a variable or of a place of the grid, else 1.</summary>
    private static int PartOf(VaeArchitecture a) => a.Latent == LatentKind.Categorical ? a.Classes
        : a.LatentSide != 0 ? a.LatentSize / a.Cells
        : 1;

    private static void Replace(VaeModel model, Latent latent, ulong seed, float amount, float[] values)
    {
        int part = PartOf(model.Architecture);
        ILatentPrior prior = model.Prior();
        // Words of their own give the fresh sample's seed, which else would be the sample that the caller drew from the same seed.
        (uint low, uint high, _, _) = Philox.Draw(seed, 0, 0, LatentStreams.MutationSample, 0);
        int[]? labelOf = latent.Label < 0 ? null : [latent.Label];
        float[] fresh = LatentPriors.SampleMany(prior, ((ulong)high << 32) | low, 0, 1, 1, labelOf);
        for (int i = 0; i < values.Length / part; i++)
        {
            if (Philox.Uniform(Philox.Draw(seed, (uint)i, 0, LatentStreams.MutationChoice, 0).X) <= amount)
                fresh.AsSpan(i * part, part).CopyTo(values.AsSpan(i * part));
        }
    }

    private static int LabelPlace(VaeModel model, string label) => model.Architecture.IsConditional
        ? model.Architecture.LabelIndex(label)
        : throw new ArgumentException($"The model is not conditional and takes no labels; found '{label}'. Leave the label away.");

    private static int[]? Labels(VaeArchitecture a, uint start, int count, int? named) => a.IsConditional
        ? Enumerable.Range(0, count).Select(i => named ?? (int)(unchecked(start + (uint)i) % (uint)a.Labels.Count)).ToArray()
        : null;
}

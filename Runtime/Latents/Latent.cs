using System;
using System.Globalization;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// A point of a model's latent space: what one texture is made from. It never changes, so copies can be kept and shared by threads; each
/// operation makes a new one. It is an ECS component as it is.
/// </summary>
/// <remarks>
/// Sums are in double precision and rounded once, and random choices are Philox's: the same inputs give the same bits on every machine.
/// What needs the model (samples, assets, mutation) is in <see cref="Models.ModelLatents"/>.
/// </remarks>
public readonly struct Latent : IEquatable<Latent>
{
    private readonly float[]? values;
    private readonly int labelAndOne; // So that default(Latent) has the label -1.

    /// <summary>The values are copied.</summary>
    /// <param name="values">[Z], at least one; all finite.</param>
    /// <param name="label">The place in the architecture's labels; -1: none.</param>
    /// <exception cref="ArgumentException">There are no values, one is NaN or infinite, or the label is below -1.</exception>
    public Latent(ReadOnlySpan<float> values, int label = -1)
        : this(label, values.ToArray())
    {
    }

    private Latent(int label, float[] owned)
    {
        if (owned.Length == 0)
            throw new ArgumentException("A latent has at least one value; found none. Sample one, or name an asset.");
        if (label < -1)
            throw new ArgumentException($"The label of a latent is its place in the model's labels, or -1 for none; found {label}.");
        for (int i = 0; i < owned.Length; i++)
        {
            if (float.IsNaN(owned[i]) || float.IsInfinity(owned[i]))
            {
                string found = float.IsNaN(owned[i]) ? "NaN" : "infinity";
                throw new ArgumentException($"The values of a latent are finite; found {found} at {i} of {owned.Length}. "
                    + "Look where it comes from: weights, amounts and steps must be finite too, and not huge.");
            }
        }

        (values, labelAndOne) = (owned, label + 1);
        ContentHash = LatentHash.Of(owned, label);
    }

    /// <summary>The array becomes the latent's own: no one else may write to it.</summary>
    internal static Latent Owning(float[] values, int label) => new(label, values);

    /// <summary>[Z]</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The place in the architecture's labels of what it is decoded as; -1: none, the model is not conditional.</summary>
    public int Label => labelAndOne - 1;

    /// <summary>Z; 0 for the default value.</summary>
    public int Size => values?.Length ?? 0;

    /// <summary>Whether it is the default value, which can't be decoded.</summary>
    public bool IsEmpty => values == null;

    /// <summary>A hash of the values' bits and the label, alike on every machine and in every version; 0 for the default value.</summary>
    public ulong ContentHash { get; }

    /// <summary>The same point, decoded as another label.</summary>
    /// <exception cref="ArgumentException">The label is below -1, or this is the default value.</exception>
    public Latent WithLabel(int label) => label == Label && !IsEmpty ? this : Owning(Required(), label);

    /// <summary>(1 - t) a + t b.</summary>
    /// <exception cref="ArgumentException">Sizes or labels differ, or the result is not finite.</exception>
    public static Latent Lerp(Latent a, Latent b, float t)
    {
        var result = new float[RequireAlike(a, b)];
        LatentMath.Lerp(a.Values, b.Values, t, result);
        return Owning(result, a.Label);
    }

    /// <summary>Along the great circle about the origin: <see cref="LatentMath.Slerp"/>.</summary>
    /// <inheritdoc cref="Lerp"/>
    public static Latent Slerp(Latent a, Latent b, float t)
    {
        var result = new float[RequireAlike(a, b)];
        LatentMath.Slerp(a.Values, b.Values, t, result);
        return Owning(result, a.Label);
    }

    /// <summary>The weighted mean Σ w_i z_i / Σ w_i of any number of latents.</summary>
    /// <param name="weights">One for each; negative ones extrapolate, but they must not add up to 0.</param>
    /// <exception cref="ArgumentException">
    /// There are none, sizes or labels differ, or the weights add up to 0 or are not finite.
    /// </exception>
    public static Latent Blend(ReadOnlySpan<Latent> latents, ReadOnlySpan<float> weights)
    {
        var result = new float[latents.IsEmpty ? 0 : latents[0].Size];
        Blend(latents, weights, result);
        return Owning(result, latents[0].Label);
    }

    /// <summary>
    /// As <see cref="Blend(ReadOnlySpan{Latent}, ReadOnlySpan{float})"/>, for loops that must not allocate; the label is that of all.
    /// </summary>
    /// <param name="result">[Z], written.</param>
    /// <exception cref="ArgumentException">As there, or the result has another length.</exception>
    public static void Blend(ReadOnlySpan<Latent> latents, ReadOnlySpan<float> weights, Span<float> result)
    {
        if (latents.IsEmpty || latents.Length != weights.Length)
        {
            throw new ArgumentException($"A blend needs a weight for each latent, and at least one; found {latents.Length} latents "
                + $"and {weights.Length} weights.");
        }

        double total = 0;
        for (int i = 0; i < latents.Length; i++)
        {
            LatentMath.RequireLength(RequireAlike(latents[0], latents[i]), result.Length, nameof(result));
            total += weights[i];
        }

        LatentMath.RequireTotal(total, nameof(weights));
        for (int j = 0; j < result.Length; j++)
        {
            double sum = 0;
            for (int i = 0; i < latents.Length; i++)
                sum += (double)weights[i] * latents[i].values![j];
            result[j] = (float)(sum / total);
        }
    }

    /// <summary>z + amount · direction.</summary>
    /// <param name="direction">[Z]</param>
    /// <exception cref="ArgumentException">Sizes differ, or the result is not finite.</exception>
    public Latent Move(ReadOnlySpan<float> direction, float amount)
    {
        var result = new float[Required().Length];
        LatentMath.Move(values, direction, amount, result);
        return Owning(result, Label);
    }

    /// <summary>Each part is that of one parent or the other, as the seed's coin falls: z_j = a_j or b_j.</summary>
    /// <param name="part">
    /// How many values hang together and come from one parent: 1 for dimensions by themselves, or those of a variable or of a place of the
    /// grid, as <see cref="Models.ModelLatents.CrossOver"/> knows.
    /// </param>
    /// <exception cref="ArgumentException">Sizes or labels differ, or the size is no multiple of <paramref name="part"/>.</exception>
    public static Latent CrossOver(Latent a, Latent b, ulong seed, int part = 1)
    {
        int size = RequireAlike(a, b);
        if (part < 1 || size % part != 0)
            throw new ArgumentException($"A part of a latent has a number of values that divides its {size}; found {part}.", nameof(part));
        float[] result = a.Values.ToArray();
        for (int i = 0; i < size / part; i++)
        {
            if (Philox.Draw(seed, (uint)i, 0, LatentStreams.CrossOver, 0).X >> 31 != 0)
                b.Values.Slice(i * part, part).CopyTo(result.AsSpan(i * part));
        }

        return Owning(result, a.Label);
    }

    /// <summary>Reads what <see cref="ToJson"/> writes: <c>{"values":[0.5,-1],"label":3}</c>; the label may be missing.</summary>
    /// <exception cref="ArgumentException">It is not the JSON of a latent; the message says what was found.</exception>
    public static Latent FromJson(string json) => LatentText.FromJson(json);

    /// <summary>Reads what <see cref="ToBase64"/> writes.</summary>
    /// <exception cref="ArgumentException">It is no base64 of a latent, was cut short or changed, or is of a later version.</exception>
    public static Latent FromBase64(string text) => LatentText.FromBase64(text);

    /// <summary>For people and tools; the values are exact.</summary>
    /// <exception cref="ArgumentException">This is the default value.</exception>
    public string ToJson() => LatentText.ToJson(this);

    /// <summary>For save games: 16/3 characters a value and 12 more, with a hash that tells damage.</summary>
    /// <inheritdoc cref="ToJson"/>
    public string ToBase64() => LatentText.ToBase64(this);

    public static bool operator ==(Latent a, Latent b) => a.Equals(b);

    public static bool operator !=(Latent a, Latent b) => !a.Equals(b);

    /// <summary>Whether the label and the bits of all values agree; 0 and -0 differ.</summary>
    public bool Equals(Latent other)
    {
        if (ContentHash != other.ContentHash || labelAndOne != other.labelAndOne || Size != other.Size)
            return false;
        for (int i = 0; values != other.values && i < Size; i++)
        {
            if (BitConverter.SingleToInt32Bits(values![i]) != BitConverter.SingleToInt32Bits(other.values![i]))
                return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is Latent other && Equals(other);

    public override int GetHashCode() => (int)(ContentHash ^ (ContentHash >> 32));

    /// <summary>Short, for logs: how many values, the label, and the hash.</summary>
    public override string ToString() => IsEmpty
        ? "Latent (empty)"
        : $"Latent ({Size} values{(Label < 0 ? "" : $", label {Label.ToString(CultureInfo.InvariantCulture)}")}, {ContentHash:x16})";

    private static int RequireAlike(in Latent a, in Latent b)
    {
        if (a.IsEmpty || b.IsEmpty || a.Size != b.Size)
        {
            throw new ArgumentException($"Expected latents of one size; found {a.Size} and {b.Size} values. "
                + "Use latents of the same model, and none that is empty.");
        }

        return a.Label == b.Label ? a.Size : throw new ArgumentException(
            $"Expected latents of one label; found the labels {a.Label} and {b.Label}. Choose one for both: WithLabel({a.Label}).");
    }

    private float[] Required() =>
        values ?? throw new ArgumentException("The latent is empty. Sample one, or name an asset.");
}

using System;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// 64 bits of a latent's content. Base64 texts hold half of it, so it must never change: h starts at the size and takes in the label and
/// then each value's bits w as h = mix((h + w + 1) · 2^64/φ), where mix is the finalizer of SplitMix64 (Steele et al., "Fast Splittable
/// Pseudorandom Number Generators", OOPSLA 2014).
/// </summary>
internal static class LatentHash
{
    public static ulong Of(ReadOnlySpan<float> values, int label)
    {
        ulong hash = Mix((ulong)values.Length, unchecked((uint)label));
        foreach (float value in values)
            hash = Mix(hash, unchecked((uint)BitConverter.SingleToInt32Bits(value)));
        return hash;
    }

    private static ulong Mix(ulong hash, uint word)
    {
        unchecked
        {
            ulong z = (hash + word + 1) * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}

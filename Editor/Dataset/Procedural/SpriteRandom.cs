using System;

namespace VaeProcgen.Editor.Dataset.Procedural;

/// <summary>SplitMix64 (Steele, Lea and Flood 2014): the random choices of one sprite, the same on every machine.</summary>
internal sealed class SpriteRandom
{
    private ulong state;

    public SpriteRandom(ulong seed, int index)
    {
        state = seed;
        state = Bits() ^ (ulong)index;
        state = Bits();
    }

    /// <summary>Uniform in [low, high).</summary>
    public float Range(float low, float high) => low + (high - low) * ((Bits() >> 40) * (1f / (1 << 24)));

    /// <summary>A whole number from 0 up to, not including, <paramref name="count"/>.</summary>
    public int Below(int count) => (int)((Bits() >> 32) * (ulong)count >> 32);

    public bool Chance(float probability) => Range(0, 1) < probability;

    private ulong Bits()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}

using System;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Dataset.Procedural;

/// <summary>
/// One material as a pixel artist mixes it: five shades from dark to light, shadows cooler and lights warmer, and an outline.
/// </summary>
internal sealed class ColourRamp
{
    public const int Shades = 5;

    private readonly Rgba8[] shades = new Rgba8[Shades];

    /// <param name="hue">In turns: 0 red, ⅓ green, ⅔ blue.</param>
    /// <param name="saturation">0 grey to 1 pure.</param>
    /// <param name="value">Brightness of the lightest shade, 0 to 1.</param>
    public ColourRamp(float hue, float saturation, float value)
    {
        for (int i = 0; i < Shades; i++)
        {
            float light = i / (Shades - 1f);
            float shifted = Toward(hue, light < 0.5f ? 0.7f : 0.14f, 0.16f * MathF.Abs(2 * light - 1));
            shades[i] = FromHsv(shifted, saturation * (1.12f - 0.42f * light), value * (0.4f + 0.6f * light));
        }
        Outline = FromHsv(Toward(hue, 0.7f, 0.25f), MathF.Min(1, saturation * 0.9f + 0.12f), value * 0.2f);
    }

    public Rgba8 Outline { get; }

    public Rgba8 this[int shade] => shades[Math.Clamp(shade, 0, Shades - 1)];

    // The short way around the colour circle.
    private static float Toward(float hue, float target, float share)
    {
        float way = target - hue;
        return hue + (way - MathF.Round(way)) * share;
    }

    private static Rgba8 FromHsv(float hue, float saturation, float value)
    {
        byte Channel(float n)
        {
            float k = n + hue * 6;
            k -= 6 * MathF.Floor(k / 6);
            float wave = Math.Clamp(MathF.Min(k, 4 - k), 0, 1);
            return (byte)(255 * Math.Clamp(value * (1 - Math.Clamp(saturation, 0, 1) * wave), 0, 1) + 0.5f);
        }
        return new Rgba8(Channel(5), Channel(3), Channel(1), 255);
    }
}

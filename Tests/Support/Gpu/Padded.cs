using System;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Support.Gpu;

/// <summary>Between unpadded NHWC arrays and the stored layout, whose channels are padded to a multiple of four.</summary>
internal static class Padded
{
    public static Shape ShapeOf(Dims dims) => new(dims.N, dims.H, dims.W, dims.C);

    public static Dims DimsOf(Shape shape) => new(shape.N, shape.H, shape.W, shape.C);

    public static float[] Store(Shape shape, double[] values)
    {
        DimsOf(shape).Require(values, nameof(values));
        var stored = new float[shape.Count];
        for (int i = 0; i < values.Length; i++)
            stored[i / shape.C * shape.PaddedC + i % shape.C] = (float)values[i];
        return stored;
    }

    /// <summary>The values without padding.</summary>
    /// <param name="shape">Of the tensor.</param>
    /// <param name="stored">Its memory, perhaps with the zeros past its end.</param>
    /// <param name="complain">Called with a message when anything but zero stands in the padding or past the end.</param>
    public static float[] Take(Shape shape, ReadOnlySpan<float> stored, Action<string> complain)
    {
        var values = new float[shape.Pixels * shape.C];
        for (int i = 0; i < stored.Length; i++)
        {
            int pixel = i / shape.PaddedC, c = i % shape.PaddedC;
            if (pixel < shape.Pixels && c < shape.C)
                values[pixel * shape.C + c] = stored[i];
            else if (stored[i] != 0)
                complain($"{(pixel < shape.Pixels ? "padding" : "past the end")}, pixel {pixel}, channel {c}: expected 0, found {stored[i]:R}.");
        }

        return values;
    }
}

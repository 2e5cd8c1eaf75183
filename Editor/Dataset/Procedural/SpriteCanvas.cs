using System;
using System.Numerics;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Dataset.Procedural;

/// <summary>Paints shapes in hard-edged pixels, layer over layer, lit from the upper left, and outlines the whole at the end.</summary>
internal sealed class SpriteCanvas
{
    private static readonly Vector3 Light = Vector3.Normalize(new Vector3(-0.55f, -0.65f, 0.6f));

    private readonly PixelImage image;
    private readonly Rgba8[] outlines;

    public SpriteCanvas(int size)
    {
        image = new PixelImage(size, size);
        outlines = new Rgba8[size * size];
    }

    /// <summary>The side of a pixel in the units of shapes.</summary>
    public float Pixel => 2f / image.Width;

    /// <summary>
    /// Fills a shape that bulges towards its middle: the surface is a dome over a border of width <paramref name="bevel"/> and flat
    /// inside. Where it covers earlier layers, a dark line is drawn around it unless <paramref name="line"/> is off.
    /// </summary>
    public void Fill(ColourRamp ramp, Shape shape, float bevel, bool line = true) =>
        Fill(ramp, shape, p => Lit(shape, p, bevel), line);

    /// <summary>Fills a shape with the shade (0 dark to 4 light) that a function gives for each point.</summary>
    public void Fill(ColourRamp ramp, Shape shape, Func<Vector2, int> shade, bool line = true)
    {
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                var p = At(x, y);
                if (shape(p) < 0)
                {
                    image[x, y] = ramp[shade(p)];
                    outlines[y * image.Width + x] = ramp.Outline;
                }
                else if (line && image[x, y].A != 0 && Touches(shape, x, y))
                {
                    image[x, y] = ramp.Outline;
                }
            }
        }
    }

    /// <summary>As <see cref="Fill(ColourRamp, Shape, float, bool)"/> with one shade, only over what is painted already.</summary>
    public void Mark(ColourRamp ramp, Shape shape, int shade)
    {
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                if (image[x, y].A != 0 && shape(At(x, y)) < 0)
                    image[x, y] = ramp[shade];
            }
        }
    }

    /// <summary>As <see cref="Mark(ColourRamp, Shape, int)"/> with the shades of a bulging surface: spots and stripes on a body.</summary>
    public void Mark(ColourRamp ramp, Shape shape, Shape surface, float bevel) =>
        Fill(ramp, shape.Intersect(surface), p => Lit(surface, p, bevel), line: false);

    /// <summary>The shade of a bulging surface at a point.</summary>
    public int Lit(Shape surface, Vector2 p, float bevel)
    {
        float e = Pixel / 2;
        var slope = new Vector2(
            surface(p + new Vector2(e, 0)) - surface(p - new Vector2(e, 0)),
            surface(p + new Vector2(0, e)) - surface(p - new Vector2(0, e)));
        float steepness = 1 - Math.Clamp(-surface(p) / bevel, 0, 1);
        var outward = slope.LengthSquared() > 0 ? Vector2.Normalize(slope) * steepness : Vector2.Zero;
        float brightness = Vector3.Dot(new Vector3(outward, MathF.Sqrt(1 - steepness * steepness)), Light);
        return (int)MathF.Floor(Math.Clamp(brightness * 3.4f + 0.9f, 0, 4));
    }

    /// <summary>Draws the outline and returns the pixels, RGBA8.</summary>
    public byte[] Finish()
    {
        int size = image.Width;
        var finished = new PixelImage(size, size, (byte[])image.Rgba.Clone());
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                if (image[x, y].A != 0)
                    continue;
                foreach (var (dx, dy) in Neighbours)
                {
                    int nx = x + dx, ny = y + dy;
                    if (nx >= 0 && ny >= 0 && nx < size && ny < size && image[nx, ny].A != 0)
                        finished[x, y] = outlines[ny * size + nx];
                }
            }
        }
        return finished.Rgba;
    }

    private static readonly (int X, int Y)[] Neighbours = [(0, 1), (1, 0), (-1, 0), (0, -1)];

    private Vector2 At(int x, int y) => new((2 * x + 1f) / image.Width - 1, (2 * y + 1f) / image.Height - 1);

    private bool Touches(Shape shape, int x, int y)
    {
        foreach (var (dx, dy) in Neighbours)
        {
            if (shape(At(x + dx, y + dy)) < 0)
                return true;
        }
        return false;
    }
}

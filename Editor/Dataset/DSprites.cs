using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Dataset;

/// <summary>Which value each factor of a dSprites image takes, counted from 0.</summary>
/// <param name="Shape">0 square, 1 ellipse, 2 heart.</param>
/// <param name="Scale">0 to 5: the scale is 0.5 + 0.1 · Scale.</param>
/// <param name="Orientation">0 to 39: the sprite is turned clockwise by 2π · Orientation / 40.</param>
/// <param name="X">0 to 31, from left to right: the position is X / 31.</param>
/// <param name="Y">0 to 31, from top to bottom: the position is Y / 31.</param>
public readonly record struct DSpriteFactors(int Shape, int Scale, int Orientation, int X, int Y);

/// <summary>
/// The images of dSprites (Matthey, Higgins, Hassabis and Lerchner 2017), drawn anew: white sprites on black, 3 shapes × 6 scales ×
/// 40 orientations × 32 × 32 positions, each combination once. The factors are those of the data set; the pixels are our own. A pixel
/// is white where the sprite covers at least half of it (8 of 4×4 points); all are opaque. On an image 64 units wide the square has a
/// side of 21, the ellipse half axes of 15.5 and 9.06, and the heart a width of 25, so that their areas agree within 1 % and scale says
/// nothing of the shape; centres are 16.5 + X and 16.5 + Y, so that no sprite leaves the image.
/// <para>
/// Orientations repeat where a shape has symmetries: the square's after a quarter turn (10 of 40 differ), the ellipse's after half a
/// turn (20 differ), the heart's never. All other combinations differ at 64×64, where a step of X or Y moves a sprite by one pixel;
/// smaller images may repeat. The original data set has the last orientation equal to the first; here the full turn is left out.
/// </para>
/// </summary>
public static class DSprites
{
    /// <summary>Width and height of the data set's images.</summary>
    public const int NativeSize = 64;

    /// <summary>3 · 6 · 40 · 32 · 32</summary>
    public const int Count = 737_280;

    private const uint SubsetStream = 0x700;
    private const int SmallestSize = 16, LargestSize = 1024;
    private const double Units = 64, FirstCentre = 16.5, LargestRadius = 15.5;
    private const double SquareHalf = 10.5, EllipseHalfWidth = 15.5, EllipseHalfHeight = 9.06;

    // The heart (x² + y² − 1)³ = x² y³ is 2.28 wide; its smallest enclosing circle is centred near (0, 1/4).
    private const double HeartUnit = 11, HeartCentre = 0.25;

    // Points per pixel in each direction.
    private const int Points = 4;

    private static readonly string[] Shapes = ["square", "ellipse", "heart"];

    // Orientations after which a shape looks the same.
    private static readonly int[] Symmetries = [10, 20, 40];

    /// <summary>The factors' names in the order of <see cref="DSpriteFactors"/>.</summary>
    public static IReadOnlyList<string> FactorNames { get; } = ["shape", "scale", "orientation", "x", "y"];

    /// <summary>How many values each factor takes.</summary>
    public static IReadOnlyList<int> FactorSizes { get; } = [3, 6, 40, 32, 32];

    /// <summary>The factors of image <paramref name="index"/>; Y changes fastest and Shape slowest, as in the data set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not from 0 to 737,279.</exception>
    public static DSpriteFactors Factors(int index)
    {
        if (index is < 0 or >= Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"Expected the index of an image from 0 to {Count - 1}.");
        int y = index % 32, x = index / 32 % 32, orientation = index / 1024 % 40, scale = index / 40_960 % 6;
        return new DSpriteFactors(index / 245_760, scale, orientation, x, y);
    }

    /// <summary>Draws one image.</summary>
    /// <param name="factors">What it shows.</param>
    /// <param name="size">Width and height, 16 to 1024 pixels: the sprite is drawn at that size, not scaled.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor, or the size, is out of range.</exception>
    public static PixelImage Render(DSpriteFactors factors, int size = NativeSize)
    {
        RequireSize(size);
        if (!IsInRange(factors))
            throw new ArgumentOutOfRangeException(nameof(factors), factors, "Expected factors below 3, 6, 40, 32 and 32.");
        double unit = Units / size, scale = (5 + factors.Scale) / 10.0;
        double centreX = FirstCentre + factors.X, centreY = FirstCentre + factors.Y;
        (double sin, double cos) = PortableMath.SinCosOfTurns(factors.Orientation % Symmetries[factors.Shape] / 40.0);
        var image = new PixelImage(size, size);
        image.Rgba.AsSpan().Fill(255);
        int Pixel(double at) => Math.Clamp((int)Math.Floor(at / unit), 0, size - 1);
        int left = Pixel(centreX - (LargestRadius * scale)), right = Pixel(centreX + (LargestRadius * scale));
        int top = Pixel(centreY - (LargestRadius * scale)), bottom = Pixel(centreY + (LargestRadius * scale));
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                if (row < top || row > bottom || column < left || column > right || !IsWhite(row, column))
                    image.Rgba.AsSpan(4 * ((row * size) + column), 3).Clear();
            }
        }

        return image;

        bool IsWhite(int row, int column)
        {
            int covered = 0;
            for (int point = 0; point < Points * Points; point++)
            {
                double dx = ((column + (((point % Points) + 0.5) / Points)) * unit) - centreX;
                double dy = ((row + (((point / Points) + 0.5) / Points)) * unit) - centreY;
                covered += Covers(factors.Shape, ((dx * cos) + (dy * sin)) / scale, ((dy * cos) - (dx * sin)) / scale) ? 1 : 0;
            }

            return 2 * covered >= Points * Points;
        }
    }

    /// <summary>
    /// The images <see cref="Subset"/> picks, labelled by shape and named by all factors, such as <c>heart/s3-o17-x12-y30</c>.
    /// </summary>
    /// <param name="count">1 to 737,280.</param>
    /// <param name="size">As in <see cref="Render"/>.</param>
    /// <param name="seed">Another seed picks others.</param>
    /// <param name="storage">Where the pixels lie; null: <see cref="PixelStorage.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count or the size is out of range.</exception>
    public static ArtSet Generate(int count, int size, ulong seed, PixelStorage? storage = null)
    {
        RequireSize(size);
        if (count is < 1 or > Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"Expected 1 to {Count} dSprites images; found {count}.");
        int[] subset = Subset(count, seed);
        var store = new PixelStore(storage, size, size, count);
        Parallel.For(0, count, i => store.Put(i, Render(Factors(subset[i]), size).Rgba));
        ArtImage[] images = [.. subset.Select((index, i) =>
        {
            DSpriteFactors f = Factors(index);
            return store.Image(i, $"{Shapes[f.Shape]}/s{f.Scale}-o{f.Orientation:D2}-x{f.X:D2}-y{f.Y:D2}", Shapes[f.Shape]);
        })];
        return new ArtSet(size, size, images) { Origin = "dSprites" };
    }

    /// <summary>
    /// Different images, each as likely as any other, by index, in random order (Fisher and Yates): a larger subset begins with the
    /// smaller one.
    /// </summary>
    public static int[] Subset(int count, ulong seed)
    {
        int[] all = Enumerable.Range(0, Count).ToArray();
        for (int i = 0; i < count; i++)
        {
            (uint x, uint y, _, _) = Philox.Draw(seed, (uint)i, 0, SubsetStream, 0);
            int other = i + (int)Math.BigMul(((ulong)x << 32) | y, (ulong)(Count - i), out _);
            (all[i], all[other]) = (all[other], all[i]);
        }

        return all[..count];
    }

    /// <summary>Whether a sprite of scale 1 at the origin, y downwards, covers a point.</summary>
    private static bool Covers(int shape, double x, double y)
    {
        switch (shape)
        {
            case 0:
                return Math.Abs(x) <= SquareHalf && Math.Abs(y) <= SquareHalf;
            case 1:
                (x, y) = (x / EllipseHalfWidth, y / EllipseHalfHeight);
                return (x * x) + (y * y) <= 1;
            default:
                (x, y) = (x / HeartUnit, HeartCentre - (y / HeartUnit));
                double r = (x * x) + (y * y) - 1;
                return r * r * r <= x * x * y * y * y;
        }
    }

    private static bool IsInRange(DSpriteFactors f) =>
        f.Shape is >= 0 and < 3 && f.Scale is >= 0 and < 6 && f.Orientation is >= 0 and < 40
        && f.X is >= 0 and < 32 && f.Y is >= 0 and < 32;

    private static void RequireSize(int size)
    {
        if (size is < SmallestSize or > LargestSize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(size), size, $"Expected a size of dSprites images between {SmallestSize} and {LargestSize} pixels; found {size}.");
        }
    }
}

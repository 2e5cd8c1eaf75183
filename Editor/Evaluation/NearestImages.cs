using System;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>An image of a set, and how far it is.</summary>
/// <param name="Index">In <see cref="ArtSet.Images"/>; the first of equals.</param>
/// <param name="Distance">√(mean (x − y)²) over the premultiplied values of all pixels, in [0, 1].</param>
public readonly record struct Neighbour(int Index, double Distance);

/// <summary>Finds which image of a set is nearest to another one: whether a model makes new art, or copies.</summary>
public sealed class NearestImages
{
    private const int ValuesAtATime = 1 << 24;

    private readonly ArtSet set;
    private readonly int values;

    public NearestImages(ArtSet set) => (this.set, values) = (set, 4 * set.Width * set.Height);

    /// <summary>The nearest image to each of some others, by exhaustive search.</summary>
    /// <param name="images">Of the set's size.</param>
    public Neighbour[] Find(ReadOnlySpan<PixelImage> images)
    {
        float[][] wanted = [.. images.ToArray().Select(Premultiply)];
        if (wanted.FirstOrDefault(image => image.Length != values) is { } other)
            throw new ArgumentException($"Expected an image of {values / 4} pixels like the set's; found {other.Length / 4}.");
        var nearest = new int[wanted.Length];
        var least = new double[wanted.Length];
        Array.Fill(least, double.PositiveInfinity);
        int atATime = Math.Max(1, ValuesAtATime / values);
        for (int first = 0; first < set.Images.Count; first += atATime)
        {
            int count = Math.Min(atATime, set.Images.Count - first);
            var some = new float[count * values];
            Premultiplied.FromRgba8(set.Pack(first, count), some);
            Parallel.For(0, wanted.Length, w =>
            {
                for (int i = 0; i < count; i++)
                {
                    double distance = SquaredDistance(wanted[w], some.AsSpan(i * values, values));
                    if (distance < least[w])
                        (nearest[w], least[w]) = (first + i, distance);
                }
            });
        }

        return [.. nearest.Zip(least, (index, square) => new Neighbour(index, Math.Sqrt(square / values)))];
    }

    /// <summary>√(mean (x − y)²) over premultiplied values of two images of one size.</summary>
    public static double Distance(PixelImage a, PixelImage b) => Math.Sqrt(SquaredDistance(Premultiply(a), Premultiply(b)) / a.Rgba.Length);

    private static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(a), y = MemoryMarshal.Cast<float, Vector<float>>(b);
        Vector<float> sums = Vector<float>.Zero;
        for (int i = 0; i < x.Length; i++)
            sums += (x[i] - y[i]) * (x[i] - y[i]);
        double sum = Vector.Sum(sums);
        for (int i = x.Length * Vector<float>.Count; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    private static float[] Premultiply(PixelImage image)
    {
        var result = new float[image.Rgba.Length];
        Premultiplied.FromRgba8(image.Rgba, result);
        return result;
    }
}

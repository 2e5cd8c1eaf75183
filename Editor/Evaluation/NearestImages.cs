using System;
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
    private readonly float[] premultiplied;
    private readonly int values;
    private readonly int count;

    public NearestImages(ArtSet set)
    {
        premultiplied = ElboEvaluator.Premultiply(set);
        count = set.Images.Count;
        values = premultiplied.Length / count;
    }

    /// <summary>The nearest image to each of some others, by exhaustive search.</summary>
    /// <param name="images">Of the set's size.</param>
    public Neighbour[] Find(ReadOnlySpan<PixelImage> images)
    {
        PixelImage[] wanted = images.ToArray();
        var found = new Neighbour[wanted.Length];
        Parallel.For(0, wanted.Length, i => found[i] = Find(Premultiply(wanted[i])));
        return found;
    }

    /// <summary>√(mean (x − y)²) over premultiplied values of two images of one size.</summary>
    public static double Distance(PixelImage a, PixelImage b) => Math.Sqrt(SquaredDistance(Premultiply(a), Premultiply(b)) / a.Rgba.Length);

    private Neighbour Find(float[] image)
    {
        if (image.Length != values)
            throw new ArgumentException($"Expected an image of {values / 4} pixels like the set's; found {image.Length / 4}.");
        int nearest = 0;
        double least = double.PositiveInfinity;
        for (int i = 0; i < count; i++)
        {
            double distance = SquaredDistance(image, premultiplied.AsSpan(i * values, values));
            if (distance < least)
                (nearest, least) = (i, distance);
        }

        return new Neighbour(nearest, Math.Sqrt(least / values));
    }

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

using System.Collections.Generic;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Making;

/// <summary>
/// Gives fully transparent pixels the colour of the visible ones near them, alpha staying 0: an engine that filters textures with
/// straight alpha then shows no dark fringe.
/// </summary>
public static class EdgeBleed
{
    /// <summary>A copy in which each transparent pixel has the mean colour of its neighbours that got theirs a ring earlier.</summary>
    public static PixelImage Apply(PixelImage image)
    {
        var bled = new PixelImage(image.Width, image.Height, (byte[])image.Rgba.Clone());
        var coloured = new bool[image.Width * image.Height];
        for (int i = 0; i < coloured.Length; i++)
            coloured[i] = image.Rgba[(4 * i) + 3] != 0;
        for (List<int> ring = Border(image, coloured); ring.Count > 0; ring = Border(image, coloured))
        {
            foreach (int i in ring)
                Colour(bled, coloured, i);
            foreach (int i in ring)
                coloured[i] = true;
        }

        return bled;
    }

    private static List<int> Border(PixelImage image, bool[] coloured)
    {
        var border = new List<int>();
        for (int i = 0; i < coloured.Length; i++)
        {
            if (!coloured[i] && ColouredNeighbours(image, coloured, i).GetEnumerator().MoveNext())
                border.Add(i);
        }

        return border;
    }

    private static void Colour(PixelImage bled, bool[] coloured, int i)
    {
        int red = 0, green = 0, blue = 0, count = 0;
        foreach (int n in ColouredNeighbours(bled, coloured, i))
        {
            (red, green, blue) = (red + bled.Rgba[4 * n], green + bled.Rgba[(4 * n) + 1], blue + bled.Rgba[(4 * n) + 2]);
            count++;
        }

        bled[i % bled.Width, i / bled.Width] = new Rgba8((byte)(red / count), (byte)(green / count), (byte)(blue / count), 0);
    }

    private static IEnumerable<int> ColouredNeighbours(PixelImage image, bool[] coloured, int i)
    {
        int x = i % image.Width, y = i / image.Width;
        for (int dy = -1; dy <= 1; dy++)
        {
            for (int dx = -1; dx <= 1; dx++)
            {
                bool inside = x + dx >= 0 && x + dx < image.Width && y + dy >= 0 && y + dy < image.Height;
                int n = i + (dy * image.Width) + dx;
                if (inside && coloured[n])
                    yield return n;
            }
        }
    }
}

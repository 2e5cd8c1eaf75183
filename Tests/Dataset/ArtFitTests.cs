using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Dataset;

/// <summary>Each rule of the fit on an image small enough to be written out: a letter is a colour, a dot is transparent.</summary>
public class ArtFitTests
{
    private static PixelImage Draw(params string[] rows)
    {
        var image = new PixelImage(rows[0].Length, rows.Length);
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
                image[x, y] = rows[y][x] == '.' ? default : new Rgba8((byte)rows[y][x], 7, 9, 255);
        }
        return image;
    }

    private static string[] Rows(PixelImage image) => Enumerable.Range(0, image.Height).Select(y =>
        new string(Enumerable.Range(0, image.Width).Select(x => image[x, y].A == 0 ? '.' : (char)image[x, y].R).ToArray())).ToArray();

    private static void Fits(PixelImage image, int size, FitMode mode, FitKind kind, params string[] rows)
    {
        var fitted = ArtFit.Fit(image, size, mode, out var found);
        Assert.That(Rows(fitted), Is.EqualTo(rows));
        Assert.That(found, Is.EqualTo(kind));
    }

    [Test]
    public void EqualSizeStays() => Fits(Draw("ab", "cd"), 2, FitMode.PixelPerfect, FitKind.AsIs, "ab", "cd");

    [Test]
    public void SmallerIsEnlargedByAWholeFactorAndCentred() => Fits(Draw("ab", "cd"), 5, FitMode.PixelPerfect, FitKind.Enlarged,
        "aabb.", "aabb.", "ccdd.", "ccdd.", ".....");

    [Test]
    public void SlightlySmallerIsCentred() => Fits(Draw("abc", "def", "ghi"), 5, FitMode.PixelPerfect, FitKind.Centred,
        ".....", ".abc.", ".def.", ".ghi.", ".....");

    [Test]
    public void NotSquareIsCentredOnASquare() => Fits(Draw("abcd"), 4, FitMode.PixelPerfect, FitKind.Centred,
        "....", "abcd", "....", "....");

    [Test]
    public void EnlargedPixelArtIsRestored() => Fits(Draw("aaabbb", "aaabbb", "aaabbb", "cccddd", "cccddd", "cccddd"), 2,
        FitMode.PixelPerfect, FitKind.Restored, "ab", "cd");

    [Test]
    public void RestoredPixelArtMayEnlargeAgain() => Fits(Draw("aaabbb", "aaabbb", "aaabbb", "cccddd", "cccddd", "cccddd"), 4,
        FitMode.PixelPerfect, FitKind.Restored, "aabb", "aabb", "ccdd", "ccdd");

    [Test]
    public void EnlargedPixelArtThatIsNotSquareIsRestoredBeforeItIsCentred() => Fits(Draw("aabbcc", "aabbcc"), 3, FitMode.PixelPerfect,
        FitKind.Restored, "...", "abc", "...");

    [Test]
    public void LargerPixelArtIsThinned() => Fits(Draw("abc", "def", "ghi"), 2, FitMode.PixelPerfect, FitKind.Thinned, "ac", "gi");

    [Test]
    public void CropTakesTheCentre() => Fits(Draw("abcd", "efgh"), 2, FitMode.Crop, FitKind.AsIs, "bc", "fg");

    [Test]
    public void LargerImagesOfManyColoursAreAveraged()
    {
        var photo = ArtFolder.Noise(16, 16, 3);
        var fitted = ArtFit.Fit(photo, 8, FitMode.PixelPerfect, out var kind);
        Assert.That(kind, Is.EqualTo(FitKind.Blended));
        Assert.That(fitted.Rgba, Is.EqualTo(ArtFit.Fit(photo, 8, FitMode.Smooth, out _).Rgba));
    }

    [Test]
    public void LargerImagesWithSoftEdgesAreAveraged()
    {
        var icon = new PixelImage(6, 6);
        for (int i = 0; i < 36; i++)
            icon[i % 6, i / 6] = new Rgba8(0, 0, 0, (byte)(i * 7));
        ArtFit.Fit(icon, 4, FitMode.PixelPerfect, out var kind);
        Assert.That(kind, Is.EqualTo(FitKind.Blended));
    }

    [Test]
    public void SmoothAveragesLightNotCodesAndIgnoresInvisibleColour()
    {
        var image = new PixelImage(2, 2);
        image[0, 0] = new Rgba8(255, 255, 255, 255);
        image[1, 0] = new Rgba8(0, 0, 0, 255);
        image[0, 1] = image[1, 1] = new Rgba8(0, 255, 0, 0);
        // Half the light of white is sRGB 188; half of the area is covered.
        Assert.That(ArtFit.Fit(image, 1, FitMode.Smooth, out _)[0, 0], Is.EqualTo(new Rgba8(188, 188, 188, 128)));
    }

    [Test]
    public void SmoothKeepsFlatColourAtEveryRatio()
    {
        foreach (int side in new[] { 1, 2, 3, 7, 13, 100 })
        {
            foreach (int size in new[] { 1, 2, 5, 16, 33 })
                Assert.That(ArtFit.Fit(ArtFolder.Flat(side, side, 77), size, FitMode.Smooth, out _).Rgba,
                    Is.EqualTo(ArtFolder.Flat(size, size, 77).Rgba), $"{side} to {size}");
        }
    }

    [Test]
    public void InvisibleColourIsCleared()
    {
        var image = new PixelImage(1, 1, [9, 9, 9, 0]);
        Assert.That(ArtFit.Fit(image, 1, FitMode.PixelPerfect, out _).Rgba, Is.EqualTo(new byte[4]));
        Assert.That(image.Rgba[0], Is.EqualTo(9), "the source is left alone");
    }

    [Test]
    public void PixelArtNeverGainsAColour()
    {
        var sprite = ProceduralArt.Generate(1, 48, 5).Image(0);
        var colours = Enumerable.Range(0, 48 * 48).Select(i => sprite[i % 48, i / 48]).ToHashSet();
        colours.Add(default);
        foreach (int size in new[] { 7, 16, 31, 48, 50, 100 })
        {
            var fitted = ArtFit.Fit(sprite, size, FitMode.PixelPerfect, out _);
            Assert.That(Enumerable.Range(0, size * size).All(i => colours.Contains(fitted[i % size, i / size])), $"{size}");
        }
    }
}

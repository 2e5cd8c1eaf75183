using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Report;

/// <summary>Sheets small enough to be written out: letters are images, ',' the paper, '.' what lies behind transparency.</summary>
public class ContactSheetTests
{
    private static readonly SheetOptions Tiny = new() { Scale = 1, Gap = 1, Columns = 2, Background = SheetBackground.Dark };

    private static PixelImage Dot(char letter, byte alpha = 255) => new(1, 1, [(byte)letter, 0, 0, alpha]);

    private static string[] Rows(PixelImage sheet)
    {
        Assert.That(sheet.Rgba.Where((_, i) => i % 4 == 3), Is.All.EqualTo(255), "a sheet is opaque");
        return Enumerable.Range(0, sheet.Height).Select(y => new string(Enumerable.Range(0, sheet.Width).Select(x => sheet[x, y] switch
        {
            { R: 0x16, G: 0x17, B: 0x1B } => ',',
            { R: 0x2A, G: 0x2C, B: 0x33 } => '.',
            { R: 0x3A, G: 0x3D, B: 0x46 } => ':',
            var pixel => (char)pixel.R,
        }).ToArray())).ToArray();
    }

    [Test]
    public void Grid() => Assert.That(Rows(ContactSheet.Grid([Dot('a'), Dot('b'), Dot('c', 0)], Tiny)),
        Is.EqualTo(new[] { ",,,,,", ",a,b,", ",,,,,", ",.,,,", ",,,,," }));

    [Test]
    public void EnlargesByWholePixels() => Assert.That(Rows(ContactSheet.Grid([new PixelImage(2, 1, [97, 0, 0, 255, 98, 0, 0, 255])],
        Tiny with { Scale = 2 })), Is.EqualTo(new[] { ",,,,,,", ",aabb,", ",aabb,", ",,,,,," }));

    [Test]
    public void Strip() => Assert.That(Rows(ContactSheet.Strip([Dot('a'), Dot('b'), Dot('c')], Tiny)),
        Is.EqualTo(new[] { ",,,,,,,", ",a,b,c,", ",,,,,,," }));

    [Test]
    public void PairsStandCloserThanRows() => Assert.That(
        Rows(ContactSheet.Pairs([Dot('a'), Dot('b'), Dot('c')], [Dot('A'), Dot('B'), Dot('C')], Tiny with { Gap = 2 })),
        Is.EqualTo(new[]
        {
            ",,,,,,,,", ",,,,,,,,", ",,a,,b,,", ",,,,,,,,", ",,A,,B,,",
            ",,,,,,,,", ",,,,,,,,", ",,,,,,,,", ",,,,,,,,", ",,,,,,,,", ",,,,,,,,",
            ",,c,,,,,", ",,,,,,,,", ",,C,,,,,", ",,,,,,,,", ",,,,,,,,",
        }));

    [Test]
    public void CheckerboardShowsWhatIsTransparent()
    {
        var sheet = ContactSheet.Grid([new PixelImage(2, 2)], new SheetOptions { Scale = 8, Gap = 0 });
        Assert.That((Rows(sheet)[0], Rows(sheet)[8]), Is.EqualTo(("........::::::::", "::::::::........")));
    }

    [Test]
    public void HalfTransparentPixelsMix() =>
        Assert.That(ContactSheet.Grid([Dot('d', 128)], Tiny)[1, 1],
            Is.EqualTo(new Rgba8((100 * 128 + 0x2A * 127 + 127) / 255, 22, 25, 255)));

    [Test]
    public void ChoosesColumnsAndScale()
    {
        var sheet = ContactSheet.Grid(Enumerable.Repeat(new PixelImage(32, 32), 100).ToArray());
        Assert.That((sheet.Width, sheet.Height), Is.EqualTo((10 * (3 * 32 + 4) + 4, 10 * (3 * 32 + 4) + 4)));
    }

    [Test]
    public void RefusesWhatDoesNotFit()
    {
        Assert.That(() => ContactSheet.Grid([]), Throws.ArgumentException);
        Assert.That(() => ContactSheet.Strip([]), Throws.ArgumentException);
        Assert.That(() => ContactSheet.Grid([new PixelImage(1, 1), new PixelImage(2, 1)]),
            Throws.ArgumentException.With.Message.Contains("2×1"));
        Assert.That(() => ContactSheet.Pairs([Dot('a')], []), Throws.ArgumentException.With.Message.Contains("found 0 for 1"));
        Assert.That(() => ContactSheet.Grid([Dot('a')], new SheetOptions { Gap = -1 }), Throws.ArgumentException);
    }
}

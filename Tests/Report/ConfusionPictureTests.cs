using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Report;

public class ConfusionPictureTests
{
    private static readonly Rgba8 Ink = new(1, 2, 3, 255);

    private static string[] Rows(PixelImage image) => Enumerable.Range(0, image.Height)
        .Select(y => new string(Enumerable.Range(0, image.Width).Select(x => image[x, y] == Ink ? '#' : '.').ToArray())).ToArray();

    [Test]
    public void Letters()
    {
        var image = new PixelImage(PixelFont.WidthOf("l7", 1), PixelFont.Height);
        PixelFont.Draw(image, "l7", 0, 0, 1, Ink);
        Assert.That(Rows(image), Is.EqualTo(new[] { "#...###", "#.....#", "#....#.", "#....#.", "###..#." }));
    }

    [Test]
    public void LettersUpwardsAndEnlarged()
    {
        var image = new PixelImage(PixelFont.Height, PixelFont.WidthOf("L", 1));
        PixelFont.DrawUpwards(image, "L", 0, image.Height, 1, Ink);
        Assert.That(Rows(image), Is.EqualTo(new[] { "....#", "....#", "#####" }));
        var large = new PixelImage(6, 10);
        PixelFont.Draw(large, "€", 0, 0, 2, Ink);
        Assert.That(Rows(large), Is.All.EqualTo("######"), "an unknown letter is a box");
        Assert.That(() => PixelFont.Draw(large, "long text", -3, 8, 2, Ink), Throws.Nothing, "what lies outside is cut off");
    }

    [Test]
    public void TheDiagonalIsBlueAndMistakesAreRed()
    {
        PixelImage picture = ConfusionPicture.Draw(["a", "b"], [[3, 1], [0, 4]]);
        Assert.That(picture.Width, Is.EqualTo(picture.Height));
        // Margin 12, a letter of 6, margin 12: the first cell begins at 30; cells are 28 wide and 2 apart.
        Rgba8 Cell(int row, int column) => picture[30 + (column * 30) + 1, 30 + (row * 30) + 1];
        Assert.That(Cell(0, 0).B, Is.GreaterThan(Cell(0, 0).R));
        Assert.That(Cell(0, 1).R, Is.GreaterThan(Cell(0, 1).B));
        Assert.That(Cell(1, 1).B, Is.GreaterThan(Cell(0, 0).B), "all of a row are brighter than three quarters");
        Assert.That(Cell(1, 0), Is.EqualTo(new Rgba8(0x2A, 0x2C, 0x33, 255)));
        Assert.That(picture.Rgba.Where((_, i) => i % 4 == 3), Is.All.EqualTo(255));
    }

    [Test]
    public void RefusesWhatIsNoSquare()
    {
        Assert.That(() => ConfusionPicture.Draw([], []), Throws.ArgumentException);
        Assert.That(() => ConfusionPicture.Draw(["a", "b"], [[1, 2], [3]]), Throws.ArgumentException.With.Message.Contains("2 labels"));
    }
}

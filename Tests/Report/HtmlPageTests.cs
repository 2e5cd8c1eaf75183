using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using NUnit.Framework;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Tests.Report;

public class HtmlPageTests
{
    private const string Evil = "<script>alert('&\"')</script>";

    private static readonly PixelImage Image = new(2, 1, [1, 2, 3, 255, 4, 5, 6, 128]);

    private static HtmlPage Page() => new(Evil, Evil + "\n\nSecond.", [new HtmlFigure(Evil, Evil)],
        [new HtmlSection(Evil, Evil, Image, LossCurves.Svg(Evil, Evil, new Curve(Evil, [(0, 1)])))]);

    [Test]
    public void EverythingIsEscaped()
    {
        string html = Page().Render();
        Assert.That(html, Does.Not.Contain("<script").And.Not.Contain("alert('"));
        Assert.That(Regex.Count(html, Regex.Escape("&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;")), Is.EqualTo(12),
            "2 titles, introduction, 2 in the figure, 3 in the section, 4 in the chart");
    }

    [Test]
    public void NothingIsLoadedFromElsewhere()
    {
        string html = Page().Render().Replace("http://www.w3.org/2000/svg", "");
        Assert.That(html, Does.Not.Contain("http").And.Not.Contain("url(").And.Not.Contain("@import").And.Not.Contain("<link"));
        Assert.That(Regex.Matches(html, "src=\"([^\"]{0,22})").Select(m => m.Groups[1].Value), Is.All.EqualTo("data:image/png;base64,"));
    }

    [Test]
    public void TheImageIsTheImage()
    {
        string html = Page().Render();
        string base64 = Regex.Match(html, "base64,([^\"]+)").Groups[1].Value;
        Assert.That(Png.Default.Decode(Convert.FromBase64String(base64), "embedded").Rgba, Is.EqualTo(Image.Rgba));
        Assert.That(html, Does.Contain("image-rendering: pixelated").And.Contains("<p>Second.</p>"));
    }

    [Test]
    public void APageWithoutFiguresOrSectionsIsWhole()
    {
        string path = Path.GetTempFileName();
        try
        {
            new HtmlPage("Title", "", [], []).Save(path);
            Assert.That(File.ReadAllText(path), Does.StartWith("<!DOCTYPE html>").And.EndsWith("</html>\n").And.Not.Contain("<dl>"));
        }
        finally
        {
            File.Delete(path);
        }
    }
}

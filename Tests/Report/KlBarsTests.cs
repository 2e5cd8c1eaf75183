using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Report;

namespace VaeProcgen.Tests.Report;

public class KlBarsTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static XElement Draw(double[] kl, params bool[] active) => XElement.Parse(KlBars.Svg("KL <b> & more", kl, active));

    private static string[] Texts(XElement svg) => svg.Elements(Svg + "text").Select(t => t.Value).ToArray();

    private static string[] Bars(XElement svg) => svg.Elements(Svg + "path").Select(p => (string)p.Attribute("d")!)
        .Where(d => d.EndsWith('z') && !d.Contains("36h22")).ToArray();

    [Test]
    public void DrawsABarForEachDimensionFromTheLargest()
    {
        XElement svg = Draw([1, 4, 0, 2], true, true, false, true);
        Assert.That(Texts(svg), Is.SupersetOf(new[] { "KL <b> & more", "nats", "0", "4", "active: 3", "not active: 1" }));
        Assert.That(Bars(svg), Is.EqualTo(new[]
        {
            "M64 260V58h32V260zM104 260V159h32V260zM144 260V209.5h32V260z", "M184 260V259h32V260z",
        }));
    }

    [Test]
    public void ManyDimensionsFit()
    {
        string bars = Bars(Draw([.. Enumerable.Range(0, 1000).Select(i => i / 100.0)], [.. Enumerable.Repeat(true, 1000)])).Single();
        Assert.That(bars.Count(c => c == 'z'), Is.EqualTo(1000));
        double last = double.Parse(bars[(bars.LastIndexOf('M') + 1)..].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.That(last, Is.InRange(620, 624));
    }

    [Test]
    public void NothingToDraw()
    {
        Assert.That(Texts(Draw([])), Does.Contain("No values yet."));
        Assert.That(Texts(Draw([double.NaN], false)), Does.Contain("No values yet."));
        Assert.That(Bars(Draw([0, 0], false, false)).Single().Count(c => c == 'z'), Is.EqualTo(2), "all zero");
    }
}

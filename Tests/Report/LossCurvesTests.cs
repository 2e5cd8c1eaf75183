using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Report;

namespace VaeProcgen.Tests.Report;

public class LossCurvesTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static (double, double)[] Points(params double[] values) => values.Select((v, i) => (100.0 * i, v)).ToArray();

    private static XElement Draw(params Curve[] curves) => XElement.Parse(LossCurves.Svg("A <b>title</b> & more", "dB", curves));

    private static string[] Lines(XElement svg) => svg.Elements(Svg + "path")
        .Where(p => (string?)p.Attribute("fill") == "none" && !((string)p.Attribute("d")!).Contains("h22"))
        .Select(p => (string)p.Attribute("d")!).ToArray();

    private static string[] Texts(XElement svg) => svg.Elements(Svg + "text").Select(t => t.Value).ToArray();

    [Test]
    public void DrawsLinesTicksTitleAndLegend()
    {
        var svg = Draw(new Curve("PSNR", Points(10, 14, 18)), new Curve("PSNR", Points(10, 12, 13), HeldOut: true));
        Assert.That(Texts(svg),
            Is.SupersetOf(new[] { "A <b>title</b> & more", "PSNR", "PSNR, held out", "step", "dB", "0", "100", "200", "10", "18" }));
        Assert.That(Lines(svg), Is.EqualTo(new[] { "M64 260L344 159L624 58", "M64 260L344 209.5L624 184.25" }));
        Assert.That(svg.Elements(Svg + "path").Count(p => p.Attribute("stroke-dasharray") != null), Is.EqualTo(2),
            "line and legend of the held-out curve");
    }

    [Test]
    public void ValuesThatAreNotFiniteBreakTheLine() =>
        Assert.That(Lines(Draw(new Curve("loss", Points(1, 2, double.NaN, 1, double.PositiveInfinity, 2)))).Single(),
            Has.Exactly(3).EqualTo('M'));

    [Test]
    public void NothingYet()
    {
        Assert.That(Texts(Draw()), Does.Contain("No values yet."));
        Assert.That(Texts(Draw(new Curve("loss", Points(double.NaN)))), Does.Contain("No values yet."));
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(-3e9)]
    [TestCase(1e-9)]
    public void OneValueIsDrawn(double value) =>
        Assert.That(Lines(Draw(new Curve("loss", Points(value)))).Single(), Does.StartWith("M344 "));

    [Test]
    public void LongRunsAreAveragedDown()
    {
        var svg = Draw(new Curve("loss", Enumerable.Range(0, 100_001).Select(i => ((double)i, 1.0 / (i + 1))).ToArray()));
        Assert.That(Lines(svg).Single().Count(c => c is 'M' or 'L'), Is.InRange(400, 500));
    }

    [Test]
    public void NumbersDoNotDependOnTheCulture()
    {
        var before = CultureInfo.CurrentCulture;
        var expected = Draw(new Curve("loss", Points(0.25, 0.5))).ToString();
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            Assert.That(Draw(new Curve("loss", Points(0.25, 0.5))).ToString(), Is.EqualTo(expected));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace VaeProcgen.Editor.Report;

/// <summary>One line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Step and value; a value that is not finite breaks the line.</param>
/// <param name="HeldOut">Drawn dashed.</param>
public sealed record Curve(string Name, IReadOnlyList<(double Step, double Value)> Points, bool HeldOut = false);

/// <summary>Draws curves over training steps as an SVG element that fits a light and a dark page.</summary>
public static class LossCurves
{
    internal const double Width = 640, Height = 300, Left = 64, Right = 16, Top = 58, Bottom = 40;
    private const int MaxPoints = 500;

    internal static readonly string[] Colours = ["#3987e5", "#e0793a", "#2fa37c", "#b065d8", "#d5539a", "#b79a20"];

    /// <summary>A chart with title, axes, ticks and legend.</summary>
    /// <param name="title">Stands above the chart.</param>
    /// <param name="unit">The vertical axis' unit, such as "nats" or "dB"; may be empty.</param>
    /// <param name="curves">The lines; curves of the same name share a colour, so that a held-out one matches its training one.</param>
    /// <returns>One svg element, text escaped, without script or reference to anything outside.</returns>
    public static string Svg(string title, string unit, params IReadOnlyList<Curve> curves)
    {
        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {N(Width)} {N(Height)}\" role=\"img\" ")
            .Append($"aria-label=\"{Escape(title)}\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"currentColor\">\n");
        svg.Append($"<text x=\"{N(Left)}\" y=\"22\" font-size=\"15\" font-weight=\"600\">{Escape(title)}</text>\n");

        var finite = curves.SelectMany(c => c.Points).Where(p => double.IsFinite(p.Value) && double.IsFinite(p.Step)).ToArray();
        if (finite.Length == 0)
            return svg.Append($"<text x=\"{N(Left)}\" y=\"{N(Height / 2)}\" opacity=\"0.6\">No values yet.</text>\n</svg>\n").ToString();

        var across = Axis.Over(finite.Min(p => p.Step), finite.Max(p => p.Step), 6, tight: true);
        var up = Axis.Over(finite.Min(p => p.Value), finite.Max(p => p.Value), 5, tight: false);
        double X(double step) => Left + (step - across.Low) / (across.High - across.Low) * (Width - Left - Right);
        double Y(double value) => Height - Bottom - (value - up.Low) / (up.High - up.Low) * (Height - Top - Bottom);

        foreach (double tick in up.Ticks)
        {
            svg.Append($"<path d=\"M{N(Left)} {N(Y(tick))}H{N(Width - Right)}\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>");
            svg.Append(Text(Left - 8, Y(tick) + 4, "end", up.Label(tick)));
        }
        foreach (double tick in across.Ticks)
        {
            svg.Append($"<path d=\"M{N(X(tick))} {N(Height - Bottom)}v5\" stroke=\"currentColor\" stroke-opacity=\"0.5\"/>");
            svg.Append(Text(X(tick), Height - Bottom + 19, "middle", across.Label(tick)));
        }
        svg.Append($"<path d=\"M{N(Left)} {N(Height - Bottom)}H{N(Width - Right)}\" stroke=\"currentColor\" stroke-opacity=\"0.5\"/>\n");
        svg.Append(Text((Left + Width - Right) / 2, Height - 5, "middle", "step"));
        if (unit != "")
            svg.Append(Text(Left - 8, Top - 14, "end", unit));

        var names = curves.Select(c => c.Name).Distinct().ToList();
        double legend = Left;
        foreach (var curve in curves)
        {
            string colour = Colours[names.IndexOf(curve.Name) % Colours.Length];
            string style = $"fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-linejoin=\"round\""
                + (curve.HeldOut ? " stroke-dasharray=\"5 4\"" : "");
            string path = Path(curve, X, Y);
            if (path != "")
                svg.Append($"<path d=\"{path}\" {style} stroke-linecap=\"round\"/>\n");
            string text = curve.HeldOut ? curve.Name + ", held out" : curve.Name;
            svg.Append($"<path d=\"M{N(legend)} 40h22\" {style}/><text x=\"{N(legend + 28)}\" y=\"44\">{Escape(text)}</text>\n");
            legend += 28 + 7 * text.Length + 20;
        }
        return svg.Append("</svg>\n").ToString();
    }

    // Long runs are averaged down: no more points than can be seen.
    private static string Path(Curve curve, Func<double, double> x, Func<double, double> y)
    {
        var path = new StringBuilder();
        int each = (curve.Points.Count + MaxPoints - 1) / MaxPoints;
        bool broken = true;
        for (int i = 0; i < curve.Points.Count; i += each)
        {
            var some = curve.Points.Skip(i).Take(each).Where(p => double.IsFinite(p.Value) && double.IsFinite(p.Step)).ToArray();
            if (some.Length == 0)
            {
                broken = true;
                continue;
            }
            path.Append(broken ? 'M' : 'L').Append($"{N(x(some.Average(p => p.Step)))} {N(y(some.Average(p => p.Value)))}");
            if (curve.Points.Count == 1)
                path.Append("h0.1");
            broken = false;
        }
        return path.ToString();
    }

    internal static string Text(double x, double y, string anchor, string text) =>
        $"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\" opacity=\"0.75\">{Escape(text)}</text>\n";

    internal static string N(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    internal static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A range with ticks at multiples of 1, 2 or 5 times a power of ten.</summary>
    internal sealed record Axis(double Low, double High, double Step)
    {
        public IEnumerable<double> Ticks
        {
            get
            {
                for (double i = Math.Ceiling(Low / Step - 1e-9); i * Step <= High + 1e-9 * Step; i++)
                    yield return i * Step;
            }
        }

        public static Axis Over(double low, double high, int ticks, bool tight)
        {
            if (high - low <= 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
            {
                double room = Math.Max(Math.Abs(low) * 0.1, 0.5);
                (low, high) = (low - room, high + room);
            }
            double rough = (high - low) / ticks, power = Math.Pow(10, Math.Floor(Math.Log10(rough))), lead = rough / power;
            double step = power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
            return tight ? new Axis(low, high, step) : new Axis(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, step);
        }

        public string Label(double tick)
        {
            if (Math.Abs(tick) < Step / 2)
                return "0";
            if (Math.Abs(tick) >= 1e6 || Step < 1e-4)
                return tick.ToString("0.##e0", CultureInfo.InvariantCulture);
            int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(Step) + 1e-9));
            return tick.ToString("F" + decimals, CultureInfo.InvariantCulture);
        }
    }
}

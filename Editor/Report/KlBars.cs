using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace VaeProcgen.Editor.Report;

/// <summary>Draws the KL of each latent dimension as bars, in the style of <see cref="LossCurves"/>.</summary>
public static class KlBars
{
    private const double Left = LossCurves.Left, Right = LossCurves.Width - LossCurves.Right;
    private const double Bottom = LossCurves.Height - LossCurves.Bottom, Top = LossCurves.Top;
    private const double LargestBar = 40;

    /// <summary>Bars from the largest KL to the smallest, active dimensions in one colour and the others in another.</summary>
    /// <param name="title">Stands above the chart.</param>
    /// <param name="klPerDimension">[Z], in nats; a value that is not finite has no bar.</param>
    /// <param name="active">[Z], whether a dimension is active.</param>
    /// <returns>One svg element, text escaped, without script or reference to anything outside.</returns>
    public static string Svg(string title, IReadOnlyList<double> klPerDimension, IReadOnlyList<bool> active)
    {
        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {N(LossCurves.Width)} {N(LossCurves.Height)}\" role=\"img\" ")
            .Append($"aria-label=\"{LossCurves.Escape(title)}\" font-family=\"system-ui, sans-serif\" font-size=\"12\" ")
            .Append($"fill=\"currentColor\">\n<text x=\"{N(Left)}\" y=\"22\" font-size=\"15\" font-weight=\"600\">")
            .Append($"{LossCurves.Escape(title)}</text>\n");
        (double Kl, bool Active)[] bars =
            [.. klPerDimension.Zip(active).Where(b => double.IsFinite(b.First)).OrderByDescending(b => b.First)];
        if (bars.Length == 0)
            return svg.Append(LossCurves.Text(Left, (Top + Bottom) / 2, "start", "No values yet.")).Append("</svg>\n").ToString();

        LossCurves.Axis up = LossCurves.Axis.Over(0, bars[0].Kl > 0 ? bars[0].Kl : 1, 5, tight: false);
        double Y(double kl) => Bottom - ((kl - up.Low) / (up.High - up.Low) * (Bottom - Top));
        foreach (double tick in up.Ticks)
        {
            svg.Append($"<path d=\"M{N(Left)} {N(Y(tick))}H{N(Right)}\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>");
            svg.Append(LossCurves.Text(Left - 8, Y(tick) + 4, "end", up.Label(tick)));
        }

        double pitch = Math.Min((Right - Left) / bars.Length, LargestBar);
        double legend = Left;
        foreach ((bool isActive, string name, string colour) in new[]
        {
            (true, "active", LossCurves.Colours[0]), (false, "not active", LossCurves.Colours[1]),
        })
        {
            var path = new StringBuilder();
            for (int i = 0; i < bars.Length; i++)
            {
                if (bars[i].Active != isActive)
                    continue;
                double top = Math.Min(Y(bars[i].Kl), Bottom - 1); // No bar is so low that it can't be seen.
                path.Append($"M{N(Left + (i * pitch))} {N(Bottom)}V{N(top)}h{N(pitch * 0.8)}V{N(Bottom)}z");
            }

            if (path.Length > 0)
                svg.Append($"<path d=\"{path}\" fill=\"{colour}\"/>\n");
            string text = $"{name}: {bars.Count(b => b.Active == isActive)}";
            svg.Append($"<path d=\"M{N(legend)} 36h22v8h-22z\" fill=\"{colour}\"/><text x=\"{N(legend + 28)}\" y=\"44\">{text}</text>\n");
            legend += 28 + (7 * text.Length) + 20;
        }

        svg.Append($"<path d=\"M{N(Left)} {N(Bottom)}H{N(Right)}\" stroke=\"currentColor\" stroke-opacity=\"0.5\"/>\n");
        svg.Append(LossCurves.Text((Left + Right) / 2, LossCurves.Height - 5, "middle", "latent dimensions, by falling KL"));
        svg.Append(LossCurves.Text(Left - 8, Top - 14, "end", "nats"));
        return svg.Append("</svg>\n").ToString();
    }

    private static string N(double value) => LossCurves.N(value);
}

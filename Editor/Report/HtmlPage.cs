using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Text;
using VaeProcgen.Runtime.Images;

namespace VaeProcgen.Editor.Report;

/// <summary>One figure of the table at the top of a page.</summary>
public sealed record HtmlFigure(string Name, string Value);

/// <summary>A heading, a sentence that explains what is shown, and what is shown.</summary>
/// <param name="Heading">The section's title.</param>
/// <param name="Text">Plain text; a blank line parts paragraphs.</param>
/// <param name="Image">Embedded as PNG, shown with hard pixels.</param>
/// <param name="Svg">Markup placed as it is: only what <see cref="LossCurves"/> made.</param>
public sealed record HtmlSection(string Heading, string Text, PixelImage? Image = null, string? Svg = null);

/// <summary>
/// A page that is one file: images lie in it as base64, nothing is loaded from elsewhere, no script; all text is escaped.
/// </summary>
public sealed record HtmlPage(string Title, string Introduction, IReadOnlyList<HtmlFigure> Figures, IReadOnlyList<HtmlSection> Sections)
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1d1f24; --soft: #6a6e79; --paper: #fbfaf8; --card: #fff; --line: #e5e2dc; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e5e1; --soft: #989ca8; --paper: #131417; --card: #1b1d22; --line: #2c2f37; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 56px 24px 80px; }
        h1 { margin: 0 0 8px; font-size: 34px; line-height: 1.2; letter-spacing: -0.02em; }
        h2 { margin: 0 0 4px; font-size: 20px; letter-spacing: -0.01em; }
        p { margin: 0 0 12px; max-width: 68ch; color: var(--soft); }
        dl { display: flex; flex-wrap: wrap; gap: 1px; margin: 28px 0 48px; padding: 0;
             border: 1px solid var(--line); border-radius: 10px; overflow: hidden; background: var(--line); }
        dl div { flex: 1 1 168px; padding: 12px 16px; background: var(--card); }
        dt { font-size: 13px; color: var(--soft); }
        dd { margin: 0; font-size: 19px; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        section { margin: 0 0 48px; }
        img { display: block; max-width: 100%; height: auto; border-radius: 8px; image-rendering: pixelated; }
        svg { display: block; width: 100%; max-width: 760px; height: auto; padding: 8px; border: 1px solid var(--line); border-radius: 10px;
              background: var(--card); }
        img + svg, svg + svg { margin-top: 12px; }
        """;

    /// <summary>The page as HTML 5.</summary>
    public string Render()
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append($"<title>{Escape(Title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<main>\n")
            .Append($"<h1>{Escape(Title)}</h1>\n");
        AppendText(html, Introduction);
        if (Figures.Count > 0)
        {
            html.Append("<dl>\n");
            foreach (var figure in Figures)
                html.Append($"<div><dt>{Escape(figure.Name)}</dt><dd>{Escape(figure.Value)}</dd></div>\n");
            html.Append("</dl>\n");
        }
        foreach (var section in Sections)
        {
            html.Append($"<section>\n<h2>{Escape(section.Heading)}</h2>\n");
            AppendText(html, section.Text);
            if (section.Image is { } image)
                html.Append($"<img width=\"{image.Width}\" height=\"{image.Height}\" alt=\"{Escape(section.Heading)}\" ")
                    .Append($"src=\"data:image/png;base64,{Convert.ToBase64String(Png.Default.Encode(image))}\">\n");
            html.Append(section.Svg).Append("</section>\n");
        }
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Writes the page as UTF-8, over an existing file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => File.WriteAllText(path, Render());

    private static void AppendText(StringBuilder html, string text)
    {
        foreach (string paragraph in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            html.Append($"<p>{Escape(paragraph)}</p>\n");
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}

using System;
using System.Numerics;

namespace VaeProcgen.Editor.Dataset.Procedural;

/// <summary>A cut stone: a table of one shade, and around it facets shaded by the way they face.</summary>
internal static class Gem
{
    public static void Paint(SpriteCanvas canvas, SpriteRandom random)
    {
        var stone = new ColourRamp(random.Range(0, 1), random.Range(0.55f, 0.95f), random.Range(0.9f, 1));
        if (random.Chance(0.35f))
            Brilliant(canvas, random, stone);
        else
            Cut(canvas, random, stone);
    }

    // Seen from above: a polygon, its inner copy as the table, and one facet to each side.
    private static void Cut(SpriteCanvas canvas, SpriteRandom random, ColourRamp stone)
    {
        int sides = 4 + 2 * random.Below(3);
        float width = random.Range(0.5f, 0.8f), height = random.Range(0.62f, 0.82f);
        float turn = sides == 4 || random.Chance(0.5f) ? 0 : MathF.PI / sides;
        var corners = new Vector2[sides];
        for (int i = 0; i < sides; i++)
        {
            var (sin, cos) = MathF.SinCos(2 * MathF.PI * i / sides + turn - MathF.PI / 2);
            corners[i] = new Vector2(cos * width, sin * height);
        }
        float table = random.Range(0.42f, 0.62f);
        var inner = Array.ConvertAll(corners, c => c * table);
        canvas.Fill(stone, Shapes.Polygon(corners), p => FacetShade(p, corners));
        canvas.Fill(stone, Shapes.Polygon(inner), p => p.X + p.Y < -0.1f * width ? 4 : 3, line: false);
        Sparkle(canvas, new Vector2(-width * 0.25f, -height * 0.3f));
    }

    // Seen from the side: a crown above the girdle, a pavilion running to a point below.
    private static void Brilliant(SpriteCanvas canvas, SpriteRandom random, ColourRamp stone)
    {
        float width = random.Range(0.68f, 0.84f), girdle = random.Range(-0.3f, -0.1f), top = girdle - random.Range(0.3f, 0.42f);
        float shoulder = width * random.Range(0.5f, 0.68f), point = random.Range(0.68f, 0.84f);
        var outline = Shapes.Polygon(new Vector2(-shoulder, top), new Vector2(shoulder, top), new Vector2(width, girdle),
            new Vector2(0, point), new Vector2(-width, girdle));
        canvas.Fill(stone, outline, p =>
        {
            if (p.Y < girdle)
            {
                float down = (p.Y - top) / (girdle - top);
                bool inTable = MathF.Abs(p.X) < shoulder * (0.75f - 0.35f * down);
                return inTable ? 4 : p.X < 0 ? 3 : 2;
            }
            float across = p.X / (width * (point - p.Y) / (point - girdle));
            return across switch { < -0.45f => 3, < 0.05f => 2, < 0.5f => 1, _ => 0 };
        });
        canvas.Mark(stone, Shapes.Box(0, girdle, 1, canvas.Pixel * 0.51f).Intersect(outline), 1);
        Sparkle(canvas, new Vector2(-shoulder * 0.6f, top + 0.14f));
    }

    private static int FacetShade(Vector2 p, Vector2[] corners)
    {
        for (int i = 0; i < corners.Length; i++)
        {
            Vector2 a = corners[i], b = corners[(i + 1) % corners.Length];
            if (Cross(a, p) < 0 || Cross(p, b) < 0)
                continue;
            float toLight = Vector2.Dot(Vector2.Normalize(a + b), Vector2.Normalize(new Vector2(-0.55f, -0.8f)));
            return (int)MathF.Floor(Math.Clamp(1.8f + 2.2f * toLight, 0, 4));
        }
        return 2;
    }

    private static float Cross(Vector2 a, Vector2 b) => a.X * b.Y - a.Y * b.X;

    private static void Sparkle(SpriteCanvas canvas, Vector2 at)
    {
        var white = new ColourRamp(0.6f, 0, 1);
        float arm = MathF.Max(0.11f, canvas.Pixel), thick = canvas.Pixel * 0.55f;
        canvas.Mark(white, Shapes.Box(at.X, at.Y, arm, thick).Union(Shapes.Box(at.X, at.Y, thick, arm)), 4);
    }
}

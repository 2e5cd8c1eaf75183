using System.Numerics;

namespace VaeProcgen.Editor.Dataset.Procedural;

/// <summary>A corked flask of bright liquid, with bubbles and a gleam on the glass.</summary>
internal static class Potion
{
    public static void Paint(SpriteCanvas canvas, SpriteRandom random)
    {
        var liquid = new ColourRamp(random.Range(0, 1), random.Range(0.65f, 0.95f), random.Range(0.85f, 1));
        var glass = new ColourRamp(0.55f, 0.18f, 0.95f);
        var cork = new ColourRamp(0.08f, 0.55f, 0.78f);
        var metal = random.Chance(0.5f) ? new ColourRamp(0.13f, 0.6f, 1) : new ColourRamp(0.6f, 0.1f, 0.9f);

        float width = random.Range(0.48f, 0.68f), neck = random.Range(0.16f, 0.24f), bottom = 0.82f;
        var belly = random.Below(4) switch
        {
            0 => Shapes.Circle(0, bottom - width, width),
            1 => Shapes.Polygon(new Vector2(-neck, -0.25f), new Vector2(neck, -0.25f), new Vector2(width, bottom - 0.12f),
                new Vector2(width - 0.12f, bottom), new Vector2(0.12f - width, bottom), new Vector2(-width, bottom - 0.12f)),
            2 => Shapes.Box(0, 0.28f, width * 0.85f, bottom - 0.28f, 0.14f),
            _ => Shapes.Ellipse(0, 0.22f, width * 0.8f, bottom - 0.22f),
        };
        var flask = belly.Blend(Shapes.Box(0, -0.3f, neck, 0.35f), 0.12f);
        float lip = -0.56f;

        canvas.Fill(cork, Shapes.Box(0, lip - 0.14f, neck * 0.95f, 0.2f, 0.05f), 0.2f);
        canvas.Fill(glass, flask, 0.35f);
        float wall = 1.6f * canvas.Pixel;
        var inside = flask.Inset(wall > 0.12f ? 0.12f : wall);
        float level = random.Range(-0.3f, 0.25f);
        canvas.Fill(liquid, inside.Intersect(Shapes.Box(0, level + 1, 1, 1)), p => canvas.Lit(flask, p, 0.6f), line: false);
        canvas.Mark(liquid, inside.Intersect(Shapes.Box(0, level + canvas.Pixel * 0.5f, 1, canvas.Pixel * 0.51f)), 4);

        for (int bubbles = 2 + random.Below(3); bubbles > 0; bubbles--)
        {
            var spot = Shapes.Circle(random.Range(-0.4f, 0.4f) * width, random.Range(level + 0.2f, bottom - 0.2f),
                System.MathF.Max(random.Range(0.03f, 0.08f), canvas.Pixel * 0.55f));
            canvas.Mark(liquid, spot.Intersect(inside), 4);
        }
        canvas.Fill(random.Chance(0.4f) ? metal : glass, Shapes.Box(0, lip, neck + 0.09f, 0.075f, 0.04f), 0.1f);
        var gleam = Shapes.Limb(new Vector2(-width * 0.5f, 0.05f), new Vector2(-width * 0.55f, 0.38f), 0.07f, 0.05f);
        canvas.Mark(glass, gleam.Intersect(flask.Inset(0.1f)), 4);
    }
}

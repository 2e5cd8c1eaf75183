using System.Numerics;

namespace VaeProcgen.Editor.Dataset.Procedural;

/// <summary>A round, heater or square shield: a metal rim, a two-coloured field and a boss.</summary>
internal static class Shield
{
    public static void Paint(SpriteCanvas canvas, SpriteRandom random)
    {
        float hue = random.Range(0, 1);
        var field = new ColourRamp(hue, random.Range(0.5f, 0.85f), random.Range(0.75f, 0.95f));
        var charge = random.Chance(0.5f) ? new ColourRamp(0.12f, 0.15f, 1) : new ColourRamp(hue + random.Range(0.3f, 0.6f), 0.7f, 0.95f);
        var metal = random.Below(3) switch
        {
            0 => new ColourRamp(0.13f, 0.65f, 1),
            1 => new ColourRamp(0.6f, 0.1f, 0.92f),
            _ => new ColourRamp(0.06f, 0.5f, 0.75f),
        };

        float width = random.Range(0.6f, 0.78f), height = random.Range(0.74f, 0.84f);
        var plate = random.Below(3) switch
        {
            0 => Shapes.Circle(0, 0, height),
            1 => Shapes.Box(0, -0.3f, width, height - 0.3f, 0.08f).Union(
                Shapes.Ellipse(0, -0.15f, width, height + 0.15f).Intersect(Shapes.Box(0, 0.85f, 1, 1))),
            _ => Shapes.Ellipse(-width * 0.55f, -0.3f, width * 1.55f, height + 0.28f)
                .Intersect(Shapes.Ellipse(width * 0.55f, -0.3f, width * 1.55f, height + 0.28f))
                .Intersect(Shapes.Box(0, 1 - height, 1, 1)),
        };

        float rim = System.MathF.Max(random.Range(0.1f, 0.16f), 1.5f * canvas.Pixel);
        canvas.Fill(metal, plate, rim);
        var face = plate.Inset(rim);
        canvas.Fill(field, face, 0.7f);
        Shape? pattern = random.Below(6) switch
        {
            0 => Shapes.Box(0, 0, 0.14f, 1).Union(Shapes.Box(0, -0.1f, 1, 0.14f)),
            1 => Shapes.Box(0, 0, 0.17f, 2).Rotate(0.75f),
            2 => Shapes.Box(1, 0, 1, 1),
            3 => p => p.X * (p.Y + 0.05f) < 0 ? -1 : 1,
            4 => Shapes.Polygon(new Vector2(0, -0.35f), new Vector2(1, 0.5f), new Vector2(1, 0.85f), new Vector2(0, 0.05f)).Mirror(),
            _ => null,
        };
        if (pattern != null)
            canvas.Mark(charge, pattern.Intersect(face), face, 0.7f);
        if (random.Chance(0.6f))
            canvas.Fill(metal, Shapes.Circle(0, -0.05f, random.Range(0.14f, 0.24f)), 0.2f);
    }
}

using System.Numerics;

namespace VaeProcgen.Editor.Dataset.Procedural;

/// <summary>A domed, spotted cap on a pale stem, sometimes with a small one beside it.</summary>
internal static class Mushroom
{
    public static void Paint(SpriteCanvas canvas, SpriteRandom random)
    {
        float hue = random.Chance(0.4f) ? random.Range(-0.04f, 0.08f) : random.Range(0, 1);
        var cap = new ColourRamp(hue, random.Range(0.6f, 0.9f), random.Range(0.85f, 1));
        var stem = new ColourRamp(random.Range(0.08f, 0.14f), random.Range(0.12f, 0.3f), 0.97f);
        var spots = random.Chance(0.7f) ? new ColourRamp(0.1f, 0.1f, 1) : new ColourRamp(random.Range(0, 1), 0.4f, 1);

        float lean = random.Range(-0.12f, 0.12f);
        if (random.Chance(0.35f))
        {
            float side = random.Chance(0.5f) ? 1 : -1;
            One(canvas, random, cap, stem, spots, side * 0.56f, 0.28f, 0.3f, 0.24f, 0.1f);
            One(canvas, random, cap, stem, spots, -side * 0.12f, random.Range(0, 0.1f), random.Range(0.5f, 0.66f),
                random.Range(0.5f, 0.7f), 0.18f);
        }
        else
        {
            One(canvas, random, cap, stem, spots, lean, random.Range(-0.02f, 0.2f), random.Range(0.55f, 0.84f), random.Range(0.55f, 0.9f),
                random.Range(0.15f, 0.28f));
        }
    }

    private static void One(SpriteCanvas canvas, SpriteRandom random, ColourRamp cap, ColourRamp stem, ColourRamp spots,
        float x, float brim, float width, float height, float thick)
    {
        float foot = 0.82f - thick * 0.5f;
        canvas.Fill(stem, Shapes.Limb(new Vector2(x, brim), new Vector2(x, foot), thick * 0.85f, thick * 1.15f)
            .Intersect(Shapes.Box(0, -0.16f, 1, 1)), 0.22f);
        canvas.Mark(stem, Shapes.Ellipse(x, brim + 0.02f, thick * 1.3f, 0.14f), 0);

        height = System.MathF.Min(height, brim + 0.84f);
        float curl = width * 0.16f;
        var dome = Shapes.Ellipse(x, brim, width, height).Intersect(Shapes.Box(0, brim - 1 + curl, 2, 1))
            .Without(Shapes.Ellipse(x, brim + curl * 1.6f, width * 0.75f, curl * 1.3f));
        canvas.Fill(cap, dome, 0.55f);
        int count = 3 + random.Below(3);
        for (int i = 0; i < count; i++)
        {
            float across = (i + 0.5f) / count * 2 - 1 + random.Range(-0.1f, 0.1f);
            float up = random.Range(0.15f, 0.8f) * (1 - across * across);
            float radius = System.MathF.Max(width * random.Range(0.1f, 0.2f), canvas.Pixel * 0.8f);
            canvas.Mark(spots, Shapes.Ellipse(x + across * width * 0.85f, brim - up * height, radius, radius * 0.9f), dome, 0.55f);
        }
    }
}

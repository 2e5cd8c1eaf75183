using System;
using System.Numerics;

namespace VaeProcgen.Editor.Dataset.Procedural;

/// <summary>A round, mirrored beast with feet, eyes, a mouth and perhaps ears, horns, wings or a pale belly.</summary>
internal static class Creature
{
    public static void Paint(SpriteCanvas canvas, SpriteRandom random)
    {
        float hue = random.Range(0, 1);
        var skin = new ColourRamp(hue, random.Range(0.5f, 0.85f), random.Range(0.8f, 1));
        var second = new ColourRamp(hue + (random.Chance(0.5f) ? random.Range(0.08f, 0.16f) : 0.5f), random.Range(0.4f, 0.75f), 0.98f);
        var bone = new ColourRamp(0.12f, 0.25f, 0.98f);
        var ink = new ColourRamp(0.7f, 0.5f, 0.25f);
        var white = new ColourRamp(0.6f, 0.06f, 1);

        float width = random.Range(0.42f, 0.68f), height = random.Range(0.4f, 0.58f), middle = 0.78f - height;
        var body = Shapes.Ellipse(0, middle, width, height);
        body = random.Below(3) switch
        {
            0 => body.Blend(Shapes.Ellipse(0, middle - height * 0.55f, width * 0.8f, height * 0.6f), 0.2f),
            1 => body.Blend(Shapes.Box(0, middle + height * 0.4f, width * 0.95f, height * 0.5f, 0.2f), 0.2f),
            _ => body,
        };
        float top = middle - height;

        if (random.Chance(0.3f))
            Wings(canvas, random, second, width, middle);
        Crown(canvas, random, skin, bone, width, top);
        Feet(canvas, random, skin, width);
        canvas.Fill(skin, body, 0.5f);

        if (random.Chance(0.55f))
            canvas.Mark(second, Shapes.Ellipse(0, middle + height * 0.6f, width * 0.6f, height * 0.55f), body, 0.5f);
        else if (random.Chance(0.6f))
        {
            for (int i = 0; i < 3; i++)
            {
                var spot = Shapes.Circle(random.Range(0.2f, width), middle + random.Range(-0.4f, 0.5f) * height, 0.1f);
                canvas.Mark(second, spot.Mirror(), body, 0.5f);
            }
        }

        float eyeY = middle - height * random.Range(0.15f, 0.35f);
        Eyes(canvas, random, white, ink, width, eyeY);
        Mouth(canvas, random, ink, white, width, eyeY + height * 0.62f);
    }

    private static void Wings(SpriteCanvas canvas, SpriteRandom random, ColourRamp ramp, float width, float middle)
    {
        float tip = middle - random.Range(0.3f, 0.7f);
        var wing = Shapes.Limb(new Vector2(width * 0.7f, middle), new Vector2(0.82f, tip), 0.2f, 0.07f)
            .Union(Shapes.Limb(new Vector2(width * 0.7f, middle), new Vector2(0.84f, tip + 0.3f), 0.2f, 0.07f));
        canvas.Fill(ramp, wing.Mirror(), 0.2f);
    }

    private static void Crown(SpriteCanvas canvas, SpriteRandom random, ColourRamp skin, ColourRamp bone, float width, float top)
    {
        float x = width * random.Range(0.45f, 0.7f), rise = MathF.Max(-0.86f, top - random.Range(0.1f, 0.35f));
        var root = new Vector2(x, top + 0.25f);
        switch (random.Below(5))
        {
            case 0:
                canvas.Fill(skin, Shapes.Limb(root, new Vector2(x + 0.12f, rise), 0.2f, 0.05f).Mirror(), 0.25f);
                break;
            case 1:
                canvas.Fill(bone, Shapes.Limb(root, new Vector2(x + 0.1f, rise), 0.14f, 0.03f).Mirror(), 0.15f);
                break;
            case 2:
                canvas.Fill(skin, Shapes.Circle(x, top + 0.12f, 0.22f).Mirror(), 0.3f);
                break;
            case 3:
                var stalk = Shapes.Limb(new Vector2(x * 0.6f, top + 0.2f), new Vector2(x, rise), 0.06f, 0.05f);
                canvas.Fill(skin, stalk.Union(Shapes.Circle(x, rise + 0.06f, 0.12f)).Mirror(), 0.15f);
                break;
            default:
                canvas.Fill(bone, Shapes.Limb(new Vector2(0, top + 0.2f), new Vector2(0, rise), 0.13f, 0.04f), 0.15f);
                break;
        }
    }

    private static void Feet(SpriteCanvas canvas, SpriteRandom random, ColourRamp skin, float width)
    {
        float x = width * random.Range(0.4f, 0.7f);
        canvas.Fill(skin, Shapes.Ellipse(x, 0.78f, 0.2f, 0.12f).Mirror(), 0.2f);
        if (random.Chance(0.5f))
            canvas.Fill(skin, Shapes.Ellipse(width, 0.35f, 0.14f, 0.18f).Mirror(), 0.2f);
    }

    private static void Eyes(SpriteCanvas canvas, SpriteRandom random, ColourRamp white, ColourRamp ink, float width, float y)
    {
        bool single = random.Chance(0.18f);
        float radius = single ? random.Range(0.22f, 0.28f) : random.Range(0.13f, 0.19f);
        float x = single ? 0 : width * random.Range(0.38f, 0.5f);
        float pupil = MathF.Max(radius * random.Range(0.45f, 0.6f), canvas.Pixel * 0.75f);
        canvas.Fill(white, Shapes.Circle(x, y, radius).Mirror(), p => p.Y < y + radius * 0.4f ? 4 : 3, line: radius > 3 * canvas.Pixel);
        canvas.Mark(ink, Shapes.Circle(x, y + radius * 0.15f, pupil).Mirror(), 0);
        if (pupil > 1.2f * canvas.Pixel)
            canvas.Mark(white, Shapes.Box(x - pupil * 0.4f, y - pupil * 0.3f, canvas.Pixel * 0.51f, canvas.Pixel * 0.51f).Union(
                Shapes.Box(-x - pupil * 0.4f, y - pupil * 0.3f, canvas.Pixel * 0.51f, canvas.Pixel * 0.51f)), 4);
    }

    private static void Mouth(SpriteCanvas canvas, SpriteRandom random, ColourRamp ink, ColourRamp white, float width, float y)
    {
        float half = width * random.Range(0.22f, 0.4f), thick = MathF.Max(0.045f, canvas.Pixel * 0.6f);
        switch (random.Below(3))
        {
            case 0:
                canvas.Mark(ink, Shapes.Box(0, y, half, thick, 0), 1);
                canvas.Mark(white, Shapes.Polygon(
                    new Vector2(half * 0.3f, y - thick), new Vector2(half * 0.9f, y - thick),
                    new Vector2(half * 0.6f, y + 0.13f)).Mirror(), 4);
                break;
            case 1:
                canvas.Mark(ink, Shapes.Ellipse(0, y - 0.02f, half, 0.13f).Intersect(Shapes.Box(0, y + 0.14f, 1, 0.15f)), 1);
                break;
            default:
                canvas.Mark(ink, Shapes.Circle(0, y - 0.1f, half).Without(Shapes.Circle(0, y - 0.1f - thick * 2, half)), 1);
                break;
        }
    }
}

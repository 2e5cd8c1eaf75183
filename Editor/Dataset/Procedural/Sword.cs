using System;
using System.Numerics;

namespace VaeProcgen.Editor.Dataset.Procedural;

/// <summary>A blade from the lower left to the upper right: two bevels, a guard, a wrapped grip and a pommel.</summary>
internal static class Sword
{
    private const float Lean = MathF.PI / 4;

    public static void Paint(SpriteCanvas canvas, SpriteRandom random)
    {
        bool magic = random.Chance(0.35f);
        var steel = magic
            ? new ColourRamp(random.Range(0, 1), random.Range(0.35f, 0.65f), 1)
            : new ColourRamp(random.Range(0.52f, 0.64f), random.Range(0.05f, 0.2f), 1);
        var gold = random.Below(3) switch
        {
            0 => new ColourRamp(0.13f, 0.7f, 1),
            1 => new ColourRamp(0.6f, 0.12f, 0.75f),
            _ => new ColourRamp(0.06f, 0.6f, 0.8f),
        };
        float wrap = random.Chance(0.7f) ? random.Range(0.02f, 0.1f) : random.Range(0, 1);
        var leather = new ColourRamp(wrap, 0.55f, random.Range(0.5f, 0.75f));
        var jewel = new ColourRamp(random.Range(0, 1), 0.85f, 1);

        // Drawn upright, then turned: the tip at −y, the guard at y = hilt.
        float hilt = random.Range(0.3f, 0.45f), tip = random.Range(-1.1f, -0.95f);
        float half = random.Range(0.12f, 0.22f), waist = random.Range(0.75f, 1.15f);
        float point = tip + half * random.Range(1.2f, 2.4f);
        var blade = Shapes.Polygon(new Vector2(0, tip), new Vector2(half * waist, point), new Vector2(half, hilt),
            new Vector2(-half, hilt), new Vector2(-half * waist, point));
        float ridge = random.Range(-0.2f, 0.15f) * half;
        canvas.Fill(steel, blade.Rotate(Lean), p => Unturned(p).X < ridge ? 4 : 2);
        if (random.Chance(0.5f))
            canvas.Mark(steel, Shapes.Box(ridge, (point + hilt) / 2, canvas.Pixel * 0.7f, (hilt - point) / 2).Rotate(Lean), 1);

        float end = random.Range(0.86f, 0.98f), grip = random.Range(0.08f, 0.11f);
        canvas.Fill(leather, Shapes.Box(0, (hilt + end) / 2, grip, (end - hilt) / 2).Rotate(Lean), p =>
        {
            var q = Unturned(p);
            return ((int)MathF.Floor((q.Y + q.X) / 0.12f) & 1) == 0 ? 3 : 1;
        });
        canvas.Fill(gold, Shapes.Circle(0, end, grip + 0.05f).Rotate(Lean), 0.15f);

        float wing = half + random.Range(0.16f, 0.32f), sweep = random.Range(-0.14f, 0.1f);
        var guard = Shapes.Limb(new Vector2(0, hilt), new Vector2(wing, hilt + sweep), 0.09f, random.Range(0.06f, 0.11f)).Mirror();
        canvas.Fill(gold, guard.Rotate(Lean), 0.12f);
        if (random.Chance(0.5f))
            canvas.Mark(jewel, Shapes.Circle(0, hilt, 0.1f).Rotate(Lean), 3);
    }

    private static Vector2 Unturned(Vector2 p)
    {
        var (sin, cos) = MathF.SinCos(Lean);
        return new Vector2(cos * p.X + sin * p.Y, cos * p.Y - sin * p.X);
    }
}

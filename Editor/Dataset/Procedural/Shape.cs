using System;
using System.Numerics;

namespace VaeProcgen.Editor.Dataset.Procedural;

/// <summary>A signed distance, negative inside; the sprite spans −1 to 1 in both directions, y downwards.</summary>
internal delegate float Shape(Vector2 p);

/// <summary>Shapes and how they combine (the usual signed-distance forms).</summary>
internal static class Shapes
{
    public static Shape Circle(float x, float y, float radius) => p => (p - new Vector2(x, y)).Length() - radius;

    /// <summary>Exact on the border, approximate elsewhere.</summary>
    public static Shape Ellipse(float x, float y, float radiusX, float radiusY) => p =>
        (((p - new Vector2(x, y)) / new Vector2(radiusX, radiusY)).Length() - 1) * MathF.Min(radiusX, radiusY);

    /// <summary>A box given by its centre and half its sides, with rounded corners.</summary>
    public static Shape Box(float x, float y, float halfWidth, float halfHeight, float corner = 0) => p =>
    {
        var q = Vector2.Abs(p - new Vector2(x, y)) - new Vector2(halfWidth - corner, halfHeight - corner);
        return Vector2.Max(q, Vector2.Zero).Length() + MathF.Min(MathF.Max(q.X, q.Y), 0) - corner;
    };

    /// <summary>A thick line that tapers from one radius to another.</summary>
    public static Shape Limb(Vector2 a, Vector2 b, float radiusA, float radiusB) => p =>
    {
        var along = b - a;
        float t = Math.Clamp(Vector2.Dot(p - a, along) / along.LengthSquared(), 0, 1);
        return (p - a - along * t).Length() - (radiusA + (radiusB - radiusA) * t);
    };

    /// <summary>A convex polygon; its corners run clockwise as seen on the screen.</summary>
    public static Shape Polygon(params Vector2[] corners) => p =>
    {
        float distance = float.NegativeInfinity;
        for (int i = 0; i < corners.Length; i++)
        {
            var edge = corners[(i + 1) % corners.Length] - corners[i];
            var outward = Vector2.Normalize(new Vector2(edge.Y, -edge.X));
            distance = MathF.Max(distance, Vector2.Dot(p - corners[i], outward));
        }
        return distance;
    };

    /// <summary>The shape and its mirror image across the vertical axis.</summary>
    public static Shape Mirror(this Shape shape) => p => shape(new Vector2(MathF.Abs(p.X), p.Y));

    public static Shape Union(this Shape a, Shape b) => p => MathF.Min(a(p), b(p));

    /// <summary>A union whose seam is rounded over the given width (polynomial smooth minimum).</summary>
    public static Shape Blend(this Shape a, Shape b, float width) => p =>
    {
        float da = a(p), db = b(p), h = MathF.Max(width - MathF.Abs(da - db), 0) / width;
        return MathF.Min(da, db) - h * h * width / 4;
    };

    public static Shape Intersect(this Shape a, Shape b) => p => MathF.Max(a(p), b(p));

    public static Shape Without(this Shape a, Shape b) => p => MathF.Max(a(p), -b(p));

    /// <summary>The shape made smaller on every side.</summary>
    public static Shape Inset(this Shape shape, float by) => p => shape(p) + by;

    /// <summary>The shape turned about the centre; a positive angle, in radians, turns clockwise on the screen.</summary>
    public static Shape Rotate(this Shape shape, float angle)
    {
        var (sin, cos) = MathF.SinCos(angle);
        return p => shape(new Vector2(cos * p.X + sin * p.Y, cos * p.Y - sin * p.X));
    }
}

using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Conditional flow matching with straight paths (Lipman et al., arXiv:2210.02747; Liu et al., arXiv:2209.03003): from noise x0 to
/// data x1, both [N, Z], at times t [N]: x_t = (1 − t)·x0 + t·x1, and the velocity to predict is v = x1 − x0.
/// </summary>
public static class FlowMatchingReference
{
    /// <summary>The number of frequencies k = 1..16; there are twice as many features.</summary>
    public const int Frequencies = 16;

    /// <summary>x_t [N, Z].</summary>
    public static double[] Interpolate(int n, int z, double[] x0, double[] x1, double[] t)
    {
        Require(n, z, x0, x1);
        Dims.RequireLength(t, n, nameof(t), $"[{n}]");
        var x = new double[n * z];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (1 - t[i / z]) * x0[i] + t[i / z] * x1[i];
        }

        return x;
    }

    /// <summary>v = x1 − x0, [N, Z].</summary>
    public static double[] Target(int n, int z, double[] x0, double[] x1)
    {
        Require(n, z, x0, x1);
        var v = new double[n * z];
        for (int i = 0; i < v.Length; i++)
        {
            v[i] = x1[i] - x0[i];
        }

        return v;
    }

    /// <summary>[N, 32]: columns 0..15 hold cos(πkt), columns 16..31 sin(πkt), each for k = 1..16.</summary>
    public static double[] TimeFeatures(double[] t)
    {
        var features = new double[t.Length * 2 * Frequencies];
        for (int n = 0; n < t.Length; n++)
        for (int k = 1; k <= Frequencies; k++)
        {
            features[n * 2 * Frequencies + k - 1] = Math.Cos(Math.PI * k * t[n]);
            features[n * 2 * Frequencies + Frequencies + k - 1] = Math.Sin(Math.PI * k * t[n]);
        }

        return features;
    }

    /// <summary>The loss: the mean over the batch of ½·Σ_j (v̂ − v)².</summary>
    public static double Forward(int n, int z, double[] predicted, double[] target)
    {
        Require(n, z, predicted, target);
        double sum = 0;
        for (int i = 0; i < predicted.Length; i++)
        {
            double error = predicted[i] - target[i];
            sum += 0.5 * error * error;
        }

        return sum / n;
    }

    /// <summary>dv̂ = (v̂ − v)/N; written (=).</summary>
    public static double[] Backward(int n, int z, double[] predicted, double[] target)
    {
        Require(n, z, predicted, target);
        var d = new double[n * z];
        for (int i = 0; i < d.Length; i++)
        {
            d[i] = (predicted[i] - target[i]) / n;
        }

        return d;
    }

    /// <summary>The error of x_t in float32: 1 − t, two products and a sum.</summary>
    public static double[] InterpolateBound(int n, int z, double[] x0, double[] x1, double[] t)
    {
        Require(n, z, x0, x1);
        var bound = new double[n * z];
        for (int i = 0; i < bound.Length; i++)
        {
            bound[i] = ErrorBound.Sum(3, Math.Abs((1 - t[i / z]) * x0[i]) + Math.Abs(t[i / z] * x1[i]));
        }

        return bound;
    }

    /// <summary>
    /// The error of the time features for t in [0, 1]: that of the angle (πk rounded, times t; the angle brought into [−π, π] first,
    /// for outside it sin and cos have no specified precision) and <see cref="ErrorBound.SinCos"/>.
    /// </summary>
    public static double[] TimeFeaturesBound(double[] t)
    {
        var bound = new double[t.Length * 2 * Frequencies];
        for (int i = 0; i < bound.Length; i++)
        {
            double angle = Math.PI * (i % Frequencies + 1) * Math.Abs(t[i / (2 * Frequencies)]);
            bound[i] = ErrorBound.SinCos + ErrorBound.Gamma(4) * (angle + Math.PI);
        }

        return bound;
    }

    /// <summary>The error of the loss in float32, its N·Z terms added in any order, from exact v̂ and v.</summary>
    public static double ForwardBound(int n, int z, double[] predicted, double[] target) =>
        ErrorBound.Gamma(n * z + 9) * Forward(n, z, predicted, target);

    /// <summary>The error of dv̂ in float32: a difference and a division, or a product with a rounded 1/N.</summary>
    public static double[] BackwardBound(int n, int z, double[] predicted, double[] target) =>
        Array.ConvertAll(Backward(n, z, predicted, target), d => ErrorBound.Sum(8, Math.Abs(d)));

    private static void Require(int n, int z, double[] a, double[] b)
    {
        Dims.RequireLength(a, n * z, nameof(a), $"[{n}, {z}]");
        Dims.RequireLength(b, n * z, nameof(b), $"[{n}, {z}]");
    }
}

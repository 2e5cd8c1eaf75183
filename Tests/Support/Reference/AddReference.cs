using System;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>Elementwise sum Y = A + B of two arrays of one shape.</summary>
public static class AddReference
{
    /// <summary>Y[i] = A[i] + B[i].</summary>
    public static double[] Forward(double[] a, double[] b)
    {
        Dims.RequireLength(b, a.Length, nameof(b), "the shape of a");
        var y = new double[a.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = a[i] + b[i];
        }

        return y;
    }

    /// <summary>dA = dY and dB = dY; written (=).</summary>
    public static (double[] dA, double[] dB) Backward(double[] dY) => (dY.ToArray(), dY.ToArray());

    /// <summary>One correctly rounded addition: u·|Y|.</summary>
    public static double[] ForwardBound(double[] a, double[] b) =>
        Forward(a, b).Select(y => ErrorBound.UnitRoundoff * Math.Abs(y) + ErrorBound.SmallestNormal).ToArray();
}

using System;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>Elementwise activations Y[i] = f(X[i]).</summary>
public static class ActivationReference
{
    /// <summary>
    /// Identity x; ReLU max(x, 0); LeakyReLU x or 0.2·x; SiLU x·σ(x); Sigmoid σ(x) = 1/(1 + e⁻ˣ); Tanh.
    /// At the kink x = 0 the derivative is the one from below: 0 for ReLU, 0.2 for LeakyReLU.
    /// </summary>
    public enum Kind
    {
        Identity,
        ReLU,
        LeakyReLU,
        SiLU,
        Sigmoid,
        Tanh,
    }

    /// <summary>The slope of LeakyReLU below 0, as the float32 that a shader holds.</summary>
    public const double LeakySlope = 0.2f;

    /// <summary>f(x).</summary>
    public static double Value(Kind kind, double x) => kind switch
    {
        Kind.Identity => x,
        Kind.ReLU => x > 0 ? x : 0,
        Kind.LeakyReLU => x > 0 ? x : LeakySlope * x,
        Kind.SiLU => x / (1 + Math.Exp(-x)),
        Kind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Kind.Tanh => Math.Tanh(x),
        _ => throw Unknown(kind),
    };

    /// <summary>f′(x).</summary>
    public static double Derivative(Kind kind, double x)
    {
        double sigmoid = 1 / (1 + Math.Exp(-x));
        double tanh = Math.Tanh(x);
        return kind switch
        {
            Kind.Identity => 1,
            Kind.ReLU => x > 0 ? 1 : 0,
            Kind.LeakyReLU => x > 0 ? 1 : LeakySlope,
            Kind.SiLU => sigmoid + x * sigmoid * (1 - sigmoid),
            Kind.Sigmoid => sigmoid * (1 - sigmoid),
            Kind.Tanh => 1 - tanh * tanh,
            _ => throw Unknown(kind),
        };
    }

    /// <summary>Y[i] = f(X[i]).</summary>
    public static double[] Forward(Kind kind, double[] x) => x.Select(v => Value(kind, v)).ToArray();

    /// <summary>dX[i] = dY[i]·f′(X[i]); written (=).</summary>
    public static double[] Backward(Kind kind, double[] x, double[] dY)
    {
        Dims.RequireLength(dY, x.Length, nameof(dY), "the shape of x");
        return x.Zip(dY, (v, d) => d * Derivative(kind, v)).ToArray();
    }

    /// <summary>The largest |f′|: f carries an error δ in its input to at most this times δ.</summary>
    public static double Lipschitz(Kind kind) => kind switch
    {
        Kind.SiLU => 1.1,
        Kind.Sigmoid => 0.25,
        _ => 1,
    };

    /// <summary>The error of f evaluated in float32 at an input that is itself off by at most <paramref name="inputError"/>.</summary>
    public static double ForwardBound(Kind kind, double x, double inputError = 0) =>
        Lipschitz(kind) * inputError + Evaluation(kind, x) * ErrorBound.SecondOrder + ErrorBound.SmallestNormal;

    /// <summary><see cref="ForwardBound(Kind, double, double)"/>, element by element; a null input error is 0.</summary>
    public static double[] ForwardBound(Kind kind, double[] x, double[]? inputError = null) =>
        x.Select((v, i) => ForwardBound(kind, v, inputError == null ? 0 : inputError[i])).ToArray();

    /// <summary>
    /// The error of dY·f′(x) evaluated in float32 from exact x and dY, whether f′ is computed from x or from the rounded y = f(x).
    /// </summary>
    public static double[] BackwardBound(Kind kind, double[] x, double[] dY) => x.Zip(dY, (v, d) =>
    {
        const double u = ErrorBound.UnitRoundoff;
        double s = Value(Kind.Sigmoid, v);
        double ds = Evaluation(Kind.Sigmoid, v);
        double tanh = Math.Tanh(v);
        double derivativeError = kind switch
        {
            Kind.SiLU => ds * (1 + Math.Abs(v)) + 6 * u * (s + Math.Abs(v) * s * (1 - s)),
            Kind.Sigmoid => ds + 3 * u * s * (1 - s),
            Kind.Tanh => 2 * Math.Abs(tanh) * Evaluation(Kind.Tanh, v) + 3 * u,
            _ => 0,
        };
        double product = u * Math.Abs(d * Derivative(kind, v));
        return ErrorBound.SecondOrder * (Math.Abs(d) * derivativeError + product) + 2 * ErrorBound.SmallestNormal;
    }).ToArray();

    /// <summary>
    /// <see cref="BackwardBound(Kind, double[], double[])"/>, where x is itself off by at most <paramref name="inputError"/>, which moves f′ by at most
    /// that times the largest |f″|: ½ of SiLU, 0.0963 of the sigmoid, 0.77 of tanh. At a kink nothing can be said, so x must be farther from it.
    /// </summary>
    public static double[] BackwardBound(Kind kind, double[] x, double[] dY, double[] inputError)
    {
        double curvature = kind switch { Kind.SiLU => 0.5, Kind.Sigmoid => 0.0963, Kind.Tanh => 0.77, _ => 0 };
        if (kind is Kind.ReLU or Kind.LeakyReLU && x.Where((v, i) => Math.Abs(v) <= inputError[i]).Any())
            throw new ArgumentException("An input lies so near the kink at 0 that its slope can't be told.", nameof(x));
        double[] bound = BackwardBound(kind, x, dY);
        return bound.Select((b, i) => b + ErrorBound.SecondOrder * Math.Abs(dY[i]) * curvature * inputError[i]).ToArray();
    }

    private static double Evaluation(Kind kind, double x)
    {
        // exp(−|x|) is off by (3 + 2|x|) ulp; σ = 1/(1 + t) passes on t/(1 + t) of a relative error in t, rounds the sum, divides.
        const double eps = ErrorBound.Epsilon;
        double exp = (3 + 2 * Math.Abs(x)) * eps;
        double sigmoid = Value(Kind.Sigmoid, x);
        double sigmoidRelative = exp * (1 - sigmoid) + 3 * eps;
        return kind switch
        {
            Kind.LeakyReLU => x > 0 ? 0 : ErrorBound.UnitRoundoff * Math.Abs(LeakySlope * x),
            Kind.SiLU => Math.Abs(x) * sigmoid * (sigmoidRelative + eps / 2),
            Kind.Sigmoid => sigmoid * sigmoidRelative,

            // sinh/cosh from exponentials, as the specification defines tanh: absolute near 0, where the exponentials cancel.
            Kind.Tanh => 2 * exp + 4 * eps,
            _ => 0,
        };
    }

    private static ArgumentOutOfRangeException Unknown(Kind kind) => new(nameof(kind), kind, "Expected one of the named activations.");
}

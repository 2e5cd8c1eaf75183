using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Transposed convolution, the adjoint in X of the convolution whose weight it stores:
/// Y[n, h·stride − pad + r, w·stride − pad + s, k] += X[n,h,w,c] · Weight[r,s,k,c], then + bias[k].
/// Positions outside Y are dropped (zero padding) or taken modulo P and Q (circular padding).
/// </summary>
public static class ConvTranspose2dReference
{
    /// <summary>
    /// Sizes of one transposed convolution. P = (H − 1)·stride − 2·pad + R with zero padding, H·stride with circular padding,
    /// unless an output size is given (a strided convolution maps several input sizes to the same output size).
    /// </summary>
    public readonly record struct Geometry(
        Dims X, int K, int R, int S, int Stride = 1, int Pad = 0, bool Circular = false, int? OutputH = null, int? OutputW = null)
    {
        public int P => OutputH ?? (Circular ? X.H * Stride : (X.H - 1) * Stride - 2 * Pad + R);

        public int Q => OutputW ?? (Circular ? X.W * Stride : (X.W - 1) * Stride - 2 * Pad + S);

        public Dims Y => new(X.N, P, Q, K);

        public int WeightLength => R * S * K * X.C;

        /// <summary>The convolution this is the adjoint of: it reads Y, writes X, and stores the same weight.</summary>
        public Conv2dReference.Geometry Adjoint => new(Y, X.C, R, S, Stride, Pad, Circular);

        /// <summary>The flat index of Weight[r,s,k,c].</summary>
        public int WeightIndex(int r, int s, int k, int c) => ((r * S + s) * K + k) * X.C + c;

        /// <summary>The coordinates of a flat index into Weight, for messages.</summary>
        public string LocateWeight(int index) =>
            $"[r={index / X.C / K / S}, s={index / X.C / K % S}, k={index / X.C % K}, c={index % X.C}]";

        /// <summary>The output position that an input position reaches at a kernel position, or −1 outside the output.</summary>
        public int Target(int input, int kernel, int outputSize)
        {
            int position = input * Stride - Pad + kernel;
            if (Circular)
            {
                return ((position % outputSize) + outputSize) % outputSize;
            }

            return position >= 0 && position < outputSize ? position : -1;
        }

        public override string ToString() =>
            $"{X} to {Y}, kernel {R}x{S}, stride {Stride}, {(Circular ? "circular" : "zero")} pad {Pad}";

        internal void Require()
        {
            if (P < 1 || Q < 1 || Adjoint.P != X.H || Adjoint.Q != X.W)
            {
                throw new ArgumentException(
                    $"The convolution back from the output of {this} must give {X.H}x{X.W}, but gives {Adjoint.P}x{Adjoint.Q}.");
            }
        }
    }

    /// <summary>Y of the class formula, [N, P, Q, K]. A null bias is 0.</summary>
    public static double[] Forward(Geometry g, double[] x, double[] weight, double[]? bias)
    {
        g.Require();
        g.X.Require(x, nameof(x));
        Dims.RequireLength(weight, g.WeightLength, nameof(weight), g.ToString());
        Dims input = g.X;
        Dims output = g.Y;
        var y = new double[output.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = bias == null ? 0 : bias[i % output.C];
        }

        for (int n = 0; n < input.N; n++)
        for (int h = 0; h < input.H; h++)
        for (int w = 0; w < input.W; w++)
        for (int r = 0; r < g.R; r++)
        for (int s = 0; s < g.S; s++)
        {
            int p = g.Target(h, r, output.H);
            int q = g.Target(w, s, output.W);
            if (p < 0 || q < 0)
            {
                continue;
            }

            for (int k = 0; k < output.C; k++)
            for (int c = 0; c < input.C; c++)
            {
                y[output.Index(n, p, q, k)] += x[input.Index(n, h, w, c)] * weight[g.WeightIndex(r, s, k, c)];
            }
        }

        return y;
    }

    /// <summary>
    /// Every product X·Weight of the forward sum hands dY·Weight to dX and dY·X to dWeight; dBias[k] = Σ_{n,p,q} dY[n,p,q,k].
    /// All three gradients are written (=).
    /// </summary>
    public static (double[] dX, double[] dWeight, double[] dBias) Backward(Geometry g, double[] x, double[] weight, double[] dY)
    {
        g.Require();
        g.X.Require(x, nameof(x));
        g.Y.Require(dY, nameof(dY));
        Dims.RequireLength(weight, g.WeightLength, nameof(weight), g.ToString());
        Dims input = g.X;
        Dims output = g.Y;
        var dX = new double[input.Length];
        var dWeight = new double[g.WeightLength];
        var dBias = new double[output.C];
        for (int i = 0; i < dY.Length; i++)
        {
            dBias[i % output.C] += dY[i];
        }

        for (int n = 0; n < input.N; n++)
        for (int h = 0; h < input.H; h++)
        for (int w = 0; w < input.W; w++)
        for (int r = 0; r < g.R; r++)
        for (int s = 0; s < g.S; s++)
        {
            int p = g.Target(h, r, output.H);
            int q = g.Target(w, s, output.W);
            if (p < 0 || q < 0)
            {
                continue;
            }

            for (int k = 0; k < output.C; k++)
            for (int c = 0; c < input.C; c++)
            {
                double d = dY[output.Index(n, p, q, k)];
                dX[input.Index(n, h, w, c)] += d * weight[g.WeightIndex(r, s, k, c)];
                dWeight[g.WeightIndex(r, s, k, c)] += d * x[input.Index(n, h, w, c)];
            }
        }

        return (dX, dWeight, dBias);
    }

    /// <summary>Σ |X·Weight| + |bias| over all that is added up.</summary>
    public static double[] ForwardMagnitude(Geometry g, double[] x, double[] weight, double[]? bias) => WinogradReference.Fits(g.Adjoint)
        ? WinogradReference.AdjointMagnitude(g.Adjoint, x, weight, bias)
        : Forward(g, ErrorBound.Absolute(x), ErrorBound.Absolute(weight), bias == null ? null : ErrorBound.Absolute(bias));

    /// <summary>The same for the backward sums.</summary>
    public static (double[] dX, double[] dWeight, double[] dBias) BackwardMagnitude(Geometry g, double[] x, double[] weight, double[] dY)
    {
        var direct = Backward(g, ErrorBound.Absolute(x), ErrorBound.Absolute(weight), ErrorBound.Absolute(dY));
        return (
            WinogradReference.Fits(g.Adjoint) ? WinogradReference.ForwardMagnitude(g.Adjoint, dY, weight, null) : direct.dX,
            WinogradReference.FitsWeightGradient(g.Adjoint) ? WinogradReference.WeightGradientMagnitude(g.Adjoint, dY, x) : direct.dWeight,
            direct.dBias);
    }

    /// <summary>γ_n·magnitude for each output, n being the terms of its sum: the same sum over operands that are all 1.</summary>
    public static double[] ForwardBound(Geometry g, double[] x, double[] weight, double[]? bias) => ErrorBound.Sum(
        ForwardMagnitude(g, ErrorBound.Ones(x), ErrorBound.Ones(weight), bias == null ? null : ErrorBound.Ones(bias)),
        ForwardMagnitude(g, x, weight, bias));

    /// <summary>γ_n·magnitude for each element of each gradient.</summary>
    public static (double[] dX, double[] dWeight, double[] dBias) BackwardBound(Geometry g, double[] x, double[] weight, double[] dY)
    {
        var terms = BackwardMagnitude(g, ErrorBound.Ones(x), ErrorBound.Ones(weight), ErrorBound.Ones(dY));
        var magnitude = BackwardMagnitude(g, x, weight, dY);
        return (
            ErrorBound.Sum(terms.dX, magnitude.dX),
            ErrorBound.Sum(terms.dWeight, magnitude.dWeight),
            ErrorBound.Sum(terms.dBias, magnitude.dBias));
    }
}

using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Two-dimensional convolution (cross-correlation):
/// Y[n,p,q,k] = bias[k] + Σ_{r,s,c} X[n, p·stride − pad + r, q·stride − pad + s, c] · Weight[r,s,c,k].
/// Outside the input, X is 0 (zero padding) or is read modulo H and W (circular padding).
/// </summary>
public static class Conv2dReference
{
    /// <summary>Sizes of one convolution: P = ⌊(H + 2·pad − R)/stride⌋ + 1, and Q likewise from W and S.</summary>
    public readonly record struct Geometry(Dims X, int K, int R, int S, int Stride = 1, int Pad = 0, bool Circular = false)
    {
        public int P => (X.H + 2 * Pad - R) / Stride + 1;

        public int Q => (X.W + 2 * Pad - S) / Stride + 1;

        public Dims Y => new(X.N, P, Q, K);

        public int WeightLength => R * S * X.C * K;

        /// <summary>The flat index of Weight[r,s,c,k].</summary>
        public int WeightIndex(int r, int s, int c, int k) => ((r * S + s) * X.C + c) * K + k;

        /// <summary>The coordinates of a flat index into Weight, for messages.</summary>
        public string LocateWeight(int index) => $"[r={index / K / X.C / S}, s={index / K / X.C % S}, c={index / K % X.C}, k={index % K}]";

        /// <summary>The input position under an output position and a kernel position, or −1 in the zero padding.</summary>
        public int Source(int output, int kernel, int inputSize)
        {
            int position = output * Stride - Pad + kernel;
            if (Circular)
            {
                return ((position % inputSize) + inputSize) % inputSize;
            }

            return position >= 0 && position < inputSize ? position : -1;
        }

        public override string ToString() =>
            $"{X} to K={K}, kernel {R}x{S}, stride {Stride}, {(Circular ? "circular" : "zero")} pad {Pad}";

        internal void Require()
        {
            if (X.H + 2 * Pad < R || X.W + 2 * Pad < S || Stride < 1)
            {
                throw new ArgumentException($"The {R}x{S} kernel must fit the padded input of {this}.");
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
        for (int n = 0; n < input.N; n++)
        for (int p = 0; p < output.H; p++)
        for (int q = 0; q < output.W; q++)
        for (int k = 0; k < output.C; k++)
        {
            double sum = bias == null ? 0 : bias[k];
            for (int r = 0; r < g.R; r++)
            for (int s = 0; s < g.S; s++)
            {
                int h = g.Source(p, r, input.H);
                int w = g.Source(q, s, input.W);
                if (h < 0 || w < 0)
                {
                    continue;
                }

                for (int c = 0; c < input.C; c++)
                {
                    sum += x[input.Index(n, h, w, c)] * weight[g.WeightIndex(r, s, c, k)];
                }
            }

            y[output.Index(n, p, q, k)] = sum;
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
        for (int n = 0; n < input.N; n++)
        for (int p = 0; p < output.H; p++)
        for (int q = 0; q < output.W; q++)
        for (int k = 0; k < output.C; k++)
        {
            double d = dY[output.Index(n, p, q, k)];
            dBias[k] += d;
            for (int r = 0; r < g.R; r++)
            for (int s = 0; s < g.S; s++)
            {
                int h = g.Source(p, r, input.H);
                int w = g.Source(q, s, input.W);
                if (h < 0 || w < 0)
                {
                    continue;
                }

                for (int c = 0; c < input.C; c++)
                {
                    dX[input.Index(n, h, w, c)] += d * weight[g.WeightIndex(r, s, c, k)];
                    dWeight[g.WeightIndex(r, s, c, k)] += d * x[input.Index(n, h, w, c)];
                }
            }
        }

        return (dX, dWeight, dBias);
    }

    /// <summary>Σ |X·Weight| + |bias| over all that is added up.</summary>
    public static double[] ForwardMagnitude(Geometry g, double[] x, double[] weight, double[]? bias) => WinogradReference.Fits(g)
        ? WinogradReference.ForwardMagnitude(g, x, weight, bias)
        : Forward(g, ErrorBound.Absolute(x), ErrorBound.Absolute(weight), bias == null ? null : ErrorBound.Absolute(bias));

    /// <summary>The same for the backward sums.</summary>
    public static (double[] dX, double[] dWeight, double[] dBias) BackwardMagnitude(Geometry g, double[] x, double[] weight, double[] dY)
    {
        var direct = Backward(g, ErrorBound.Absolute(x), ErrorBound.Absolute(weight), ErrorBound.Absolute(dY));
        return (
            WinogradReference.Fits(g) ? WinogradReference.AdjointMagnitude(g, dY, weight, null) : direct.dX,
            WinogradReference.FitsWeightGradient(g) ? WinogradReference.WeightGradientMagnitude(g, x, dY) : direct.dWeight,
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

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>Fully connected layer: Y[n,k] = bias[k] + Σ_c X[n,c] · Weight[c,k].</summary>
public static class LinearReference
{
    /// <summary>Sizes: N rows, C inputs, K outputs.</summary>
    public readonly record struct Geometry(int N, int C, int K)
    {
        public Dims X => new(N, 1, 1, C);

        public Dims Y => new(N, 1, 1, K);

        public int WeightLength => C * K;

        /// <summary>The coordinates of a flat index into Weight, for messages.</summary>
        public string LocateWeight(int index) => $"[c={index / K}, k={index % K}]";
    }

    /// <summary>Y of the class formula, [N, K]. A null bias is 0.</summary>
    public static double[] Forward(Geometry g, double[] x, double[] weight, double[]? bias)
    {
        g.X.Require(x, nameof(x));
        Dims.RequireLength(weight, g.WeightLength, nameof(weight), g.ToString());
        var y = new double[g.N * g.K];
        for (int n = 0; n < g.N; n++)
        for (int k = 0; k < g.K; k++)
        {
            double sum = bias == null ? 0 : bias[k];
            for (int c = 0; c < g.C; c++)
            {
                sum += x[n * g.C + c] * weight[c * g.K + k];
            }

            y[n * g.K + k] = sum;
        }

        return y;
    }

    /// <summary>dX[n,c] = Σ_k dY[n,k]·Weight[c,k]; dWeight[c,k] = Σ_n X[n,c]·dY[n,k]; dBias[k] = Σ_n dY[n,k]. All written (=).</summary>
    public static (double[] dX, double[] dWeight, double[] dBias) Backward(Geometry g, double[] x, double[] weight, double[] dY)
    {
        g.X.Require(x, nameof(x));
        g.Y.Require(dY, nameof(dY));
        Dims.RequireLength(weight, g.WeightLength, nameof(weight), g.ToString());
        var dX = new double[g.N * g.C];
        var dWeight = new double[g.C * g.K];
        var dBias = new double[g.K];
        for (int n = 0; n < g.N; n++)
        for (int k = 0; k < g.K; k++)
        {
            double d = dY[n * g.K + k];
            dBias[k] += d;
            for (int c = 0; c < g.C; c++)
            {
                dX[n * g.C + c] += d * weight[c * g.K + k];
                dWeight[c * g.K + k] += d * x[n * g.C + c];
            }
        }

        return (dX, dWeight, dBias);
    }

    /// <summary>The forward sum with every operand replaced by its absolute value.</summary>
    public static double[] ForwardMagnitude(Geometry g, double[] x, double[] weight, double[]? bias) =>
        Forward(g, ErrorBound.Absolute(x), ErrorBound.Absolute(weight), bias == null ? null : ErrorBound.Absolute(bias));

    /// <summary>The backward sums with every operand replaced by its absolute value.</summary>
    public static (double[] dX, double[] dWeight, double[] dBias) BackwardMagnitude(
        Geometry g, double[] x, double[] weight, double[] dY) =>
        Backward(g, ErrorBound.Absolute(x), ErrorBound.Absolute(weight), ErrorBound.Absolute(dY));

    /// <summary>γ_n·magnitude for each output, n being the terms of its sum.</summary>
    public static double[] ForwardBound(Geometry g, double[] x, double[] weight, double[]? bias) => ErrorBound.Sum(
        Forward(g, ErrorBound.Ones(x), ErrorBound.Ones(weight), bias == null ? null : ErrorBound.Ones(bias)),
        ForwardMagnitude(g, x, weight, bias));

    /// <summary>γ_n·magnitude for each element of each gradient.</summary>
    public static (double[] dX, double[] dWeight, double[] dBias) BackwardBound(Geometry g, double[] x, double[] weight, double[] dY)
    {
        var terms = Backward(g, ErrorBound.Ones(x), ErrorBound.Ones(weight), ErrorBound.Ones(dY));
        var magnitude = BackwardMagnitude(g, x, weight, dY);
        return (
            ErrorBound.Sum(terms.dX, magnitude.dX),
            ErrorBound.Sum(terms.dWeight, magnitude.dWeight),
            ErrorBound.Sum(terms.dBias, magnitude.dBias));
    }
}

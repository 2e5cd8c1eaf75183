namespace VaeProcgen.Tests.Support.Reference;

/// <summary>Nearest-neighbour upsampling by an integer factor f: Y[n,p,q,c] = X[n, ⌊p/f⌋, ⌊q/f⌋, c].</summary>
public static class UpsampleNearestReference
{
    /// <summary>The output shape [N, f·H, f·W, C].</summary>
    public static Dims Output(Dims x, int factor) => x with { H = x.H * factor, W = x.W * factor };

    /// <summary>Y of the class formula; a copy, so that the result must be bit-exact.</summary>
    public static double[] Forward(Dims dims, int factor, double[] x)
    {
        dims.Require(x, nameof(x));
        Dims output = Output(dims, factor);
        var y = new double[output.Length];
        for (int n = 0; n < output.N; n++)
        for (int p = 0; p < output.H; p++)
        for (int q = 0; q < output.W; q++)
        for (int c = 0; c < output.C; c++)
        {
            y[output.Index(n, p, q, c)] = x[dims.Index(n, p / factor, q / factor, c)];
        }

        return y;
    }

    /// <summary>dX[n,h,w,c] = Σ over the f×f outputs that copy it; written (=).</summary>
    public static double[] Backward(Dims dims, int factor, double[] dY)
    {
        Dims output = Output(dims, factor);
        output.Require(dY, nameof(dY));
        var dX = new double[dims.Length];
        for (int n = 0; n < output.N; n++)
        for (int p = 0; p < output.H; p++)
        for (int q = 0; q < output.W; q++)
        for (int c = 0; c < output.C; c++)
        {
            dX[dims.Index(n, p / factor, q / factor, c)] += dY[output.Index(n, p, q, c)];
        }

        return dX;
    }

    /// <summary>The backward sum over absolute values.</summary>
    public static double[] BackwardMagnitude(Dims dims, int factor, double[] dY) => Backward(dims, factor, ErrorBound.Absolute(dY));

    /// <summary>γ_n·magnitude with n = f².</summary>
    public static double[] BackwardBound(Dims dims, int factor, double[] dY) =>
        ErrorBound.Sum(Backward(dims, factor, ErrorBound.Ones(dY)), BackwardMagnitude(dims, factor, dY));
}

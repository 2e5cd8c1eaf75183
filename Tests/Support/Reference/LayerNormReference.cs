namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// Layer normalisation over the channels of each position (Ba et al., arXiv:1607.06450): x̂ = (X − mean)/√(variance + ε) over the C
/// values at (n, h, w); Y = γ[c]·x̂ + β[c]. It is group normalisation with one group when every position is taken for an image.
/// </summary>
public static class LayerNormReference
{
    /// <summary>Y = γ[c]·x̂ + β[c].</summary>
    public static double[] Forward(Dims dims, double epsilon, double[] x, double[] gamma, double[] beta) =>
        GroupNormReference.Forward(Positions(dims), 1, epsilon, x, gamma, beta);

    /// <summary>
    /// With g = γ·dY: dX = (g − mean(g) − x̂·mean(g·x̂))/√(variance + ε), means over the channels;
    /// dGamma[c] = Σ_{n,h,w} dY·x̂; dBeta[c] = Σ_{n,h,w} dY. All written (=).
    /// </summary>
    public static (double[] dX, double[] dGamma, double[] dBeta) Backward(
        Dims dims, double epsilon, double[] x, double[] gamma, double[] dY) =>
        GroupNormReference.Backward(Positions(dims), 1, epsilon, x, gamma, dY);

    /// <summary>See <see cref="GroupNormReference.ForwardBound"/>.</summary>
    public static double[] ForwardBound(Dims dims, double epsilon, double[] x, double[] gamma, double[] beta) =>
        GroupNormReference.ForwardBound(Positions(dims), 1, epsilon, x, gamma, beta);

    /// <summary>See <see cref="GroupNormReference.BackwardBound(Dims, int, double, double[], double[], double[])"/>.</summary>
    public static (double[] dX, double[] dGamma, double[] dBeta) BackwardBound(
        Dims dims, double epsilon, double[] x, double[] gamma, double[] dY) =>
        GroupNormReference.BackwardBound(Positions(dims), 1, epsilon, x, gamma, dY);

    private static Dims Positions(Dims dims) => new(dims.N * dims.H * dims.W, 1, 1, dims.C);
}

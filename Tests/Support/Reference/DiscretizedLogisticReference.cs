using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// The discretized logistic likelihood of an 8-bit value x = k/255 (Kingma et al. 2016, arXiv:1606.04934; Salimans et al. 2017,
/// arXiv:1701.05517, eq. 2): log (S(a) − S(b)), a = (x + 1/510 − m)/s, b = (x − 1/510 − m)/s, S the sigmoid, m = S(logit); the lowest
/// value takes all below it, log S(a), and the highest all above, log (1 − S(b)). In nats. It is computed as
/// log S(a) + log S(−b) + log (1 − e^−δ), δ = a − b = 1/(255 s), where nothing cancels in the tails.
/// </summary>
public static class DiscretizedLogisticReference
{
    // Below this δ, 1 − e^−δ would cancel and series take its place; the first term left out of either is below 1e-15.
    private const double SeriesBelow = 0.1;

    /// <summary>log p(x) of the class formula; <paramref name="x"/> in [0, 1] is rounded to k/255.</summary>
    public static Rounded LogProbability(double x, Rounded logit, Rounded logScale)
    {
        Bin bin = BinOf(x, logit, logScale);
        Rounded below = bin.Lowest ? 0 : Softplus(bin.B), above = bin.Highest ? 0 : Softplus(-bin.A);
        return bin.Lowest || bin.Highest ? -below - above : LogOneMinusExp(bin.Delta) - below - above;
    }

    /// <summary>
    /// dm = (S(b) − S(−a))/s and dlogit = dm m (1 − m); dlog s = b S(b) − a S(−a) − δ/(e^δ − 1). The lowest value has only the terms of
    /// a, the highest only those of b.
    /// </summary>
    public static (Rounded DLogit, Rounded DLogScale) Derivative(double x, Rounded logit, Rounded logScale)
    {
        Bin bin = BinOf(x, logit, logScale);
        Rounded low = bin.Lowest ? 0 : Sigmoid(bin.B), high = bin.Highest ? 0 : Sigmoid(-bin.A);
        Rounded logScaleTerm = bin.B * low - bin.A * high;
        if (!bin.Lowest && !bin.Highest)
            logScaleTerm -= DeltaOverExpMinusOne(bin.Delta);
        Rounded mean = Sigmoid(logit);
        return ((low - high) / Rounded.Exp(logScale) * mean * (1 - mean), logScaleTerm);
    }

    private static Bin BinOf(double x, Rounded logit, Rounded logScale)
    {
        double level = Math.Round(255 * x);
        if (!(level >= 0 && level <= 255))
            throw new ArgumentException($"x must lie in [0, 1], but is {x}.", nameof(x));
        Rounded distance = Rounded.Constant(level / 255) - Sigmoid(logit), half = Rounded.Constant(1.0 / 510);
        Rounded scale = Rounded.Exp(logScale);
        return new Bin((distance + half) / scale, (distance - half) / scale, Rounded.Constant(1.0 / 255) / scale, level == 0, level == 255);
    }

    // 1/(1 + e^−v), or e^v/(1 + e^v) below 0, where e^−v may overflow.
    private static Rounded Sigmoid(Rounded v)
    {
        Rounded e = Rounded.Exp(-Rounded.Abs(v));
        return (v.Value >= 0 ? 1 : e) / (1 + e);
    }

    // log (1 + e^v)
    private static Rounded Softplus(Rounded v) => Rounded.Max(v, 0) + Rounded.Log(1 + Rounded.Exp(-Rounded.Abs(v)));

    // log (1 − e^−δ) = log δ − δ/2 + δ²/24 − δ⁴/2880 + δ⁶/181440 − …
    private static Rounded LogOneMinusExp(Rounded delta)
    {
        if (delta.Value >= SeriesBelow)
            return Rounded.Log(1 - Rounded.Exp(-delta));
        Rounded square = delta * delta;
        return Rounded.Log(delta) - 0.5 * delta + square / 24 - square * square / 2880 + square * square * square / 181440;
    }

    // δ/(e^δ − 1) = 1 − δ/2 + δ²/12 − δ⁴/720 + δ⁶/30240 − …
    private static Rounded DeltaOverExpMinusOne(Rounded delta)
    {
        if (delta.Value >= SeriesBelow)
            return delta * Rounded.Exp(-delta) / (1 - Rounded.Exp(-delta));
        Rounded square = delta * delta;
        return 1 - 0.5 * delta + square / 12 - square * square / 720 + square * square * square / 30240;
    }

    private readonly record struct Bin(Rounded A, Rounded B, Rounded Delta, bool Lowest, bool Highest);
}

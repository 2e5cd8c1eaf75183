using System;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// (1/R) Σ_r nll_r + f(k), k_j = (1/N) Σ_n kl_nj. ELBO: f = β Σ_j k_j (arXiv:1312.6114). Free bits: f = β Σ_j max(λ, k_j)
/// (arXiv:1606.04934). Capacity: f = γ |Σ_j k_j − C| (arXiv:1804.03599). nll is [R, 1], kl is [N, Z].
/// </summary>
public static class KlObjectiveReference
{
    public enum Objective
    {
        Elbo,
        FreeBits,
        Capacity,
    }

    /// <param name="Objective">Which f.</param>
    /// <param name="Weight">β</param>
    /// <param name="Capacity">C</param>
    /// <param name="Level">λ or γ</param>
    public readonly record struct Settings(Objective Objective, double Weight = 1, double Capacity = 0, double Level = 0);

    /// <summary>(loss, mean nll, mean KL, figure): the figure is 0, the dimensions above λ, or C.</summary>
    public static Rounded[] Forward(Settings settings, int n, double[] nll, double[] kl)
    {
        Rounded[] means = Means(n, kl);
        Rounded total = Rounded.Sum(means), excess = total - settings.Capacity;
        Rounded meanNll = Rounded.Sum(nll.Select(v => (Rounded)v)) * Rounded.Constant(1.0 / nll.Length);
        (Rounded term, double figure) = settings.Objective switch
        {
            Objective.Elbo => (settings.Weight * total, 0),
            Objective.FreeBits => (
                settings.Weight * Rounded.Sum(means.Select(m => Rounded.Max(m, settings.Level))),
                means.Count(m => m.Value > settings.Level)),
            _ => (settings.Level * Rounded.Abs(excess), settings.Capacity),
        };
        return [meanNll + term, meanNll, total, figure];
    }

    /// <summary>dnll_r = 1/R; dkl_nj = β/N, β/N where k_j > λ and 0 elsewhere, or γ sign(Σk − C)/N with sign(0) = 0.</summary>
    public static (Rounded[] DNll, Rounded[] DKl) Backward(Settings settings, int n, double[] nll, double[] kl)
    {
        Rounded[] means = Means(n, kl);
        int z = means.Length;
        Rounded perImage = Rounded.Constant(1.0 / n);
        double sign = Math.Sign(means.Sum(m => m.Value) - settings.Capacity);
        Rounded Slope(int j) => settings.Objective switch
        {
            Objective.Elbo => settings.Weight * perImage,
            Objective.FreeBits => means[j].Value > settings.Level ? settings.Weight * perImage : 0,
            _ => settings.Level * sign * perImage,
        };
        return (nll.Select(_ => Rounded.Constant(1.0 / nll.Length)).ToArray(), kl.Select((_, i) => Slope(i % z)).ToArray());
    }

    private static Rounded[] Means(int n, double[] kl)
    {
        int z = kl.Length / n;
        Dims.RequireLength(kl, n * z, nameof(kl), $"[{n}, Z]");
        return Enumerable.Range(0, z)
            .Select(j => Rounded.Sum(Enumerable.Range(0, n).Select(i => (Rounded)kl[i * z + j])) * Rounded.Constant(1.0 / n))
            .ToArray();
    }
}

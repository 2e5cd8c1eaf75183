using System;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// −(1/N) Σ_n log (1/K) Σ_k w_nk with log w_r = −nll_r − logRatio_r, r = n·K + k (Burda et al. 2015, arXiv:1509.00519, eq. 8),
/// and the normalised weights w̃_nk = w_nk / Σ_k w_nk.
/// </summary>
public static class ImportanceWeightedReference
{
    /// <summary>Figures: (loss, mean nll, mean logRatio, mean effective sample size 1 / Σ_k w̃²).</summary>
    public static (Rounded[] Figures, Rounded[] Weights) Forward(int samples, Rounded[] nll, Rounded[] logRatio)
    {
        int images = nll.Length / samples;
        var weights = new Rounded[nll.Length];
        var (losses, effective) = (new Rounded[images], new Rounded[images]);
        for (int n = 0; n < images; n++)
        {
            Rounded[] logWeights = Enumerable.Range(n * samples, samples).Select(r => -nll[r] - logRatio[r]).ToArray();
            Rounded largest = logWeights.Aggregate(Rounded.Max);
            Rounded[] parts = logWeights.Select(w => Rounded.Exp(w - largest)).ToArray();
            Rounded sum = Rounded.Sum(parts);
            for (int k = 0; k < samples; k++)
                weights[n * samples + k] = samples == 1 ? 1 : parts[k] / sum;
            losses[n] = samples == 1 ? -logWeights[0] : Rounded.Constant(Math.Log(samples)) - (largest + Rounded.Log(sum));
            effective[n] = samples == 1 ? 1 : sum * sum / Rounded.Sum(parts.Select(p => p * p));
        }

        Rounded[] figures = [Mean(losses), MeanOfMeans(nll, samples), MeanOfMeans(logRatio, samples), Mean(effective)];
        return (figures, weights);
    }

    /// <summary>dnll_r = dlogRatio_r = w̃_r / N.</summary>
    public static Rounded[] Backward(int samples, Rounded[] weights) =>
        weights.Select(w => w * Rounded.Constant((double)samples / weights.Length)).ToArray();

    private static Rounded MeanOfMeans(Rounded[] values, int samples) => Mean(values.Chunk(samples).Select(Mean).ToArray());

    private static Rounded Mean(Rounded[] values) => Rounded.Sum(values) * Rounded.Constant(1.0 / values.Length);
}

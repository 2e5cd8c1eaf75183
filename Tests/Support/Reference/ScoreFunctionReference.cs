using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// (1/NK) Σ_r (nll_r − b_r) ∇ log q(z_r | head_n), r = n·K + k: an unbiased estimate of the gradient of the batch mean of E_q[nll] with
/// respect to the head (Williams 1992). b_r is 0 or the mean of the others: samples of the image if K > 1, else images of the batch.
/// </summary>
public static class ScoreFunctionReference
{
    /// <summary>nll − b, and the figures (0, mean b, variance of nll − b, 0).</summary>
    public static (Rounded[] Advantages, Rounded[] Figures) Forward(int samples, double[] nll, bool leaveOneOut)
    {
        int rows = nll.Length, group = samples > 1 ? samples : rows;
        var (advantages, baseline) = (new Rounded[rows], new Rounded[rows]);
        for (int r = 0; r < rows; r++)
        {
            int first = r / group * group;
            Rounded b = leaveOneOut && group > 1
                ? Rounded.Sum(Enumerable.Range(first, group).Where(i => i != r).Select(i => (Rounded)nll[i]))
                    * Rounded.Constant(1.0 / (group - 1))
                : 0;
            advantages[r] = nll[r] - b;
            baseline[r] = nll[r] - advantages[r];
        }

        Rounded perRow = Rounded.Constant(1.0 / rows), mean = Rounded.Sum(advantages) * perRow;
        Rounded variance = Rounded.Sum(advantages.Select(a => (a - mean) * (a - mean))) * perRow;
        return (advantages, [0, Rounded.Sum(baseline) * perRow, variance, 0]);
    }

    /// <summary>dHead of the class formula.</summary>
    public static Rounded[] Backward(int latent, double[] z, double[] head, Rounded[] advantages) =>
        GaussianDensityReference.Score(latent, z, head, advantages, Rounded.Constant(1.0 / advantages.Length));
}

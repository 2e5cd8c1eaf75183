using System;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>
/// The priors p(z|y) = N(μ_y, diag σ_y²) that a conditional model has learned, one for each label, and the latent in their units:
/// u = (z − μ_y) / σ_y. Whatever the label, u has the prior N(0, I), and KL(q(u|x) ‖ N(0, I)) is KL(q(z|x) ‖ p(z|y)), as a change of
/// variables leaves a divergence as it is. log σ² of both is clamped to ±12 as in the kernels.
/// </summary>
internal sealed class LabelPriors
{
    private const float LogVarianceLimit = 12;

    private readonly float[] mean;
    private readonly float[] logVariance;
    private readonly float[] deviation;
    private readonly int size;

    /// <param name="mean">μ_y, [labels, Z]</param>
    /// <param name="logVariance">log σ_y², [labels, Z]</param>
    /// <param name="size">Z</param>
    public LabelPriors(float[] mean, float[] logVariance, int size)
    {
        (this.mean, this.size) = (mean, size);
        this.logVariance = Array.ConvertAll(logVariance, Clamp);
        deviation = Array.ConvertAll(this.logVariance, l => (float)PortableMath.Exp(0.5 * l));
    }

    /// <summary>Those of a conditional model with Gaussian latents; null of others.</summary>
    public static LabelPriors? TryRead(VaeModel model)
    {
        VaeArchitecture a = model.Architecture;
        if (!a.IsConditional || a.Latent != LatentKind.Gaussian)
            return null;
        float[] table = model.WeightsOf(VaeNetwork.LabelPriorOf(new ParameterSet("priors"), a, new Tensor("labels", Shape.Vector(1))).Weight);
        return FromTable(table, a);
    }

    /// <param name="table">(μ | log σ²) of each cell of each label, as the weights have them.</param>
    public static LabelPriors FromTable(float[] table, VaeArchitecture a)
    {
        int z = a.LatentSize, cell = z / a.Cells;
        float[] mean = new float[a.Labels.Count * z], logVariance = new float[a.Labels.Count * z];
        for (int i = 0; i < a.Labels.Count * a.Cells; i++)
        {
            table.AsSpan(2 * i * cell, cell).CopyTo(mean.AsSpan(i * cell));
            table.AsSpan(((2 * i) + 1) * cell, cell).CopyTo(logVariance.AsSpan(i * cell));
        }

        return new LabelPriors(mean, logVariance, z);
    }

    /// <summary>q(z|x) to q(u|x), in place: (μ − μ_y) / σ_y, and log σ² − log σ_y².</summary>
    /// <param name="means">[Z]</param>
    /// <param name="logVariances">[Z]</param>
    public void Whiten(int label, Span<float> means, Span<float> logVariances)
    {
        for (int j = 0; j < size; j++)
        {
            int of = (label * size) + j;
            means[j] = (means[j] - mean[of]) / deviation[of];
            logVariances[j] = Clamp(logVariances[j]) - logVariance[of];
        }
    }

    /// <summary>z = μ_y + σ_y u, written.</summary>
    /// <param name="u">[Z]</param>
    /// <param name="z">[Z]</param>
    public void Unwhiten(int label, ReadOnlySpan<float> u, Span<float> z)
    {
        for (int j = 0; j < size; j++)
            z[j] = mean[(label * size) + j] + (deviation[(label * size) + j] * u[j]);
    }

    private static float Clamp(float logVariance) => Math.Clamp(logVariance, -LogVarianceLimit, LogVarianceLimit);
}

namespace VaeProcgen.Editor.Priors;

/// <summary>How <see cref="GaussianMixtureFitter"/> searches.</summary>
public sealed record GaussianMixtureOptions
{
    /// <summary>The most components to try; the candidates are 1, 2, 4, 8, ... until two in a row are no better.</summary>
    public int MaxComponents { get; init; } = 16;

    /// <summary>K, where it is given and not searched for; <see cref="MaxComponents"/> is not read then.</summary>
    public int? Components { get; init; }

    /// <summary>Decides the split and the starting points; the same seed and data give the same mixture.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The share of the points on which the candidates are compared, in (0, 1).</summary>
    public double HeldOutFraction { get; init; } = 0.15;

    /// <summary>
    /// λ in [0, 1]: covariances become (1 - λ) S + λ diag S. Null takes c / (c + N / K), which fades as a component's points grow, with
    /// the c among Z, Z/4, Z/16, ... that lets one component explain the points held out best.
    /// </summary>
    public double? Shrinkage { get; init; }

    /// <summary>The most EM iterations for each candidate.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>EM stops when an iteration improves the mean log-likelihood by less than this, in nats for each point.</summary>
    public double Tolerance { get; init; } = 1e-3;
}

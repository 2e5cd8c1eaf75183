using System;

namespace VaeProcgen.Shaders;

/// <summary>How a codebook follows the encoder.</summary>
/// <param name="Decay">γ of the moving averages.</param>
/// <param name="Epsilon">ε of the Laplace smoothing of the counts.</param>
/// <param name="RestartBelow">
/// A code whose moving average of uses falls below this share of the mean use starts anew from an encoder output of the batch; 0: never.
/// A code that is not used at all gets there within ln(1 / share) / (1 − γ) steps.
/// </param>
public sealed record CodebookOptions(float Decay = 0.99f, float Epsilon = 1e-5f, float RestartBelow = 0.05f);

/// <summary>
/// The codes e_k of a <see cref="VectorQuantize"/> and the moving averages behind them (van den Oord et al. 2017, arXiv:1711.00937,
/// appendix A.1). No optimizer touches it: <see cref="VectorQuantize.UpdateCodebook"/> does. <see cref="Values"/>, <see cref="Counts"/>
/// and <see cref="Sums"/> carry over from step to step and belong in a checkpoint.
/// </summary>
public sealed class Codebook
{
    public const int FewestCodes = 8;
    public const int MostCodes = 4096;

    /// <param name="name">Name in reports.</param>
    /// <param name="codes">Kc, from 8 to 4096.</param>
    /// <param name="dimensions">D, a multiple of 4.</param>
    /// <param name="options">Null: the defaults.</param>
    public Codebook(string name, int codes, int dimensions, CodebookOptions? options = null)
    {
        if (codes is < FewestCodes or > MostCodes)
            throw new ArgumentException($"{name} needs {FewestCodes} to {MostCodes} codes; found {codes}.");
        if (dimensions < 4 || dimensions % 4 != 0)
            throw new ArgumentException($"{name}: the dimensions of a code must be a multiple of 4; found {dimensions}.");
        Options = options ?? new CodebookOptions();
        if (!(Options.Decay >= 0 && Options.Decay < 1) || !(Options.Epsilon >= 0)
            || !(Options.RestartBelow >= 0 && Options.RestartBelow < 1))
            throw new ArgumentException($"{name}: decay and restart must lie in [0, 1), and epsilon be at least 0; found {Options}.");
        (Codes, Dimensions) = (codes, dimensions);
        Values = new Tensor(name, Shape.Weight(1, codes, dimensions));
        Counts = new Tensor(name + " counts", Shape.Matrix(codes, 2));
        Sums = new Tensor(name + " sums", Shape.Matrix(codes, dimensions));
        Usage = new Tensor(name + " usage", Shape.Vector(4));
    }

    public CodebookOptions Options { get; }

    /// <summary>Kc</summary>
    public int Codes { get; }

    /// <summary>D</summary>
    public int Dimensions { get; }

    /// <summary>e, [Kc, D]; stored with zero rows up to a multiple of 4 codes.</summary>
    public Tensor Values { get; }

    /// <summary>[Kc, 2]: the moving average of a code's uses a step, and 1 where the last update has restarted it.</summary>
    public Tensor Counts { get; }

    /// <summary>[Kc, D]: the moving average of the sum of the encoder outputs that chose a code.</summary>
    public Tensor Sums { get; }

    /// <summary>
    /// [4]: (Σ of the counts, codes restarted by the last update, perplexity of the counts, 0). The perplexity, the exponential of the
    /// entropy, says how many codes are in use; it lies between 1 and Kc.
    /// </summary>
    public Tensor Usage { get; }
}

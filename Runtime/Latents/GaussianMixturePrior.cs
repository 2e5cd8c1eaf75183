using System;
using System.Linq;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Runtime.Latents;

/// <summary>Σ_k w_k N(m_k, L_k L_kᵀ): picks a component k, then z = m_k + temperature L_k ε.</summary>
public sealed class GaussianMixturePrior : ILatentPrior
{
    private const string WeightsName = "prior.mixture.weights";
    private const string MeansName = "prior.mixture.means";
    private const string CholeskyName = "prior.mixture.cholesky";

    private readonly float[] _weights;
    private readonly float[] _means;
    private readonly float[] _cholesky;

    /// <summary>The arrays are kept, not copied.</summary>
    /// <param name="weights">[K], none negative; they are taken relative to their sum.</param>
    /// <param name="means">[K, Z].</param>
    /// <param name="cholesky">[K, Z, Z], lower-triangular factors of the covariances; what is above the diagonal is not read.</param>
    /// <exception cref="ArgumentException">The sizes do not agree, or the weights are no distribution.</exception>
    public GaussianMixturePrior(float[] weights, float[] means, float[] cholesky)
    {
        if (weights.Length == 0 || means.Length == 0 || means.Length % weights.Length != 0)
        {
            throw new ArgumentException($"A mixture of {weights.Length} components cannot have {means.Length} elements of means.");
        }
        Size = means.Length / weights.Length;
        LatentMath.RequireLength(means.Length * Size, cholesky.Length, nameof(cholesky));
        double total = weights.Sum(weight => (double)weight);
        if (weights.Any(weight => !(weight >= 0)) || !(total > 0) || double.IsInfinity(total))
        {
            throw new ArgumentException("The weights of a mixture must be finite, at least 0, and not all 0.", nameof(weights));
        }
        _weights = weights;
        _means = means;
        _cholesky = cholesky;
    }

    public string Kind => "mixture";

    public int Size { get; }

    /// <summary>K, the number of components.</summary>
    public int Components => _weights.Length;

    /// <summary>w, [K].</summary>
    public ReadOnlyMemory<float> Weights => _weights;

    /// <summary>m, [K, Z].</summary>
    public ReadOnlyMemory<float> Means => _means;

    /// <summary>L, [K, Z, Z].</summary>
    public ReadOnlyMemory<float> Cholesky => _cholesky;

    public void Sample(ulong seed, uint index, float temperature, Span<float> z)
    {
        LatentMath.RequireLength(Size, z.Length, nameof(z));
        int component = Pick(Philox.Uniform(Philox.Draw(seed, 0, index, PriorStreams.Component, 0).X));
        Philox.FillNormals(seed, PriorStreams.Normals, index, z);
        // From the last dimension up, so that the normals can be replaced in place.
        for (int i = Size - 1; i >= 0; i--)
        {
            int row = ((component * Size) + i) * Size;
            double sum = 0;
            for (int j = 0; j <= i; j++)
            {
                sum += (double)_cholesky[row + j] * z[j];
            }
            z[i] = (float)(_means[(component * Size) + i] + (temperature * sum));
        }
    }

    public float[] SampleMany(ulong seed, uint start, int count, float temperature) =>
        LatentPriors.SampleEach(this, seed, start, count, temperature);

    public void WriteTo(SafetensorsWriter writer)
    {
        writer.AddFloats(WeightsName, _weights, Components);
        writer.AddFloats(MeansName, _means, Components, Size);
        writer.AddFloats(CholeskyName, _cholesky, Components, Size, Size);
    }

    /// <summary>The mixture in the file; null when it has none.</summary>
    /// <exception cref="ModelFileException">The tensors are incomplete, do not fit together, or are no mixture.</exception>
    public static GaussianMixturePrior? TryRead(SafetensorsFile file)
    {
        if (!file.Contains(WeightsName))
        {
            return null;
        }
        float[] weights = file.GetFloats(WeightsName);
        long[] shape = file.Get(MeansName).Shape;
        long size = shape.Length == 2 ? shape[1] : 0;
        try
        {
            return new GaussianMixturePrior(
                weights,
                file.GetFloats(MeansName, weights.Length, size),
                file.GetFloats(CholeskyName, weights.Length, size, size));
        }
        catch (ArgumentException error)
        {
            throw SafetensorsFile.Unusable(file.Source, $"its mixture prior is invalid: {error.Message}");
        }
    }

    private int Pick(double uniform)
    {
        double left = uniform * _weights.Sum(weight => (double)weight);
        int last = 0;
        for (int k = 0; k < _weights.Length; k++)
        {
            if (_weights[k] > 0)
            {
                last = k;
                left -= _weights[k];
            }
            if (left <= 0 && _weights[k] > 0)
            {
                return k;
            }
        }
        return last; // Rounding may leave a trace at the end.
    }
}

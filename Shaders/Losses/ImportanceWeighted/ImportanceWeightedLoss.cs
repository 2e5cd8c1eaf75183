using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// The importance-weighted bound: −(1/N) Σ_n log (1/K) Σ_k w_nk in nats an image, log w_r = −nll_r − logRatio_r, r = n·K + k
/// (Burda et al. 2015, arXiv:1509.00519, eq. 8). K = 1 is the ELBO with a sampled KL, to the last bit. The end of a graph.
/// </summary>
public sealed class ImportanceWeightedLoss : Operator
{
    private readonly Tensor images;
    private readonly int samples;

    /// <param name="name">Name in reports.</param>
    /// <param name="nll">[R, 1]: −log p(x|z) of each row in nats.</param>
    /// <param name="logRatio">[R, 1]: log q(z|x) − log p(z), as <see cref="GaussianLogRatio"/> gives it.</param>
    /// <param name="samples">K, samples an image; divides R.</param>
    public ImportanceWeightedLoss(string name, Tensor nll, Tensor logRatio, int samples)
        : base(name, nll, logRatio)
    {
        int rows = LossRows.Count(name, nll);
        if (LossRows.Count(name, logRatio) != rows)
            throw new ArgumentException($"{name} reads two numbers of each row; found {nll} and {logRatio}.");
        if (samples < 1 || rows % samples != 0)
            throw new ArgumentException(
                $"{name}: samples an image must be at least 1 and divide the {rows} rows of {nll}; found {samples}.");
        this.samples = samples;
        Weights = new Tensor(name + " weights", nll.Shape);
        images = new Tensor(name + " of images", Shape.Matrix(rows / samples, 4));
        Output = new Tensor(name, Shape.Vector(4));
    }

    /// <summary>[R, 1]: w̃_nk = w_nk / Σ_k w_nk, written in forward.</summary>
    public Tensor Weights { get; }

    /// <summary>[4]: (loss, mean nll, mean logRatio, mean over the images of the effective sample size 1 / Σ_k w̃²).</summary>
    public override Tensor Output { get; }

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return Kernels.ImportanceWeights(
            new Grid(images.Shape.N), nll: Inputs[0], logRatio: Inputs[1], weights: Weights, images: images,
            samples: samples, logSamples: (float)Math.Log(samples), perSample: 1f / samples);
        yield return LossRows.Mean(images, Output);
    }

    // dnll_r = dlogRatio_r = w̃_r / N       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        foreach (Tensor input in Inputs)
        {
            if (gradients.IsWanted(input))
                yield return Kernels.ImportanceWeightsBackward(
                    Grid.Elementwise(input.Shape.Count4), weights: Weights, dx: gradients.ShareOf(input),
                    rows: input.Shape.N, perImage: 1f / images.Shape.N);
        }
    }
}

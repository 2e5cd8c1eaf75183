using System.Collections.Generic;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training.Features;

/// <summary>
/// The reconstruction term of DARLA (Higgins et al. 2017, arXiv:1707.08475): −log N(J(x); J(x̂), σ² I) of each image in nats,
/// where x̂ is the mean of p(x|z), J the frozen <see cref="FeatureNetwork"/>, and σ² the mean of (J(x) − J(x̂))² over the batch. So, as
/// with pixels, no weight is needed beside β, however large the features are. Gradients pass through J to x̂.
/// </summary>
public sealed class FeatureReconstruction
{
    private readonly ParameterSet parameters = new("feature weights") { IsFrozen = true };
    private readonly Graph ofImages = new();
    private readonly Likelihood likelihood;
    private readonly Shape features;

    /// <param name="graph">Gets J(x̂) and the likelihood.</param>
    /// <param name="model">What is trained.</param>
    /// <param name="logits">[N, H, W, C] from the decoder.</param>
    /// <param name="images">[N, H, W, C]: x.</param>
    public FeatureReconstruction(Graph graph, VaeArchitecture model, Tensor logits, Tensor images)
    {
        Tensor target = FeatureNetwork.Add(ofImages, parameters, model, images);
        Tensor means = model.Likelihood.Link == LikelihoodLink.Sigmoid
            ? graph.Add(new ActivationLayer("means", logits, Activation.Sigmoid))
            : logits;
        features = target.Shape;
        var gaussian = new LikelihoodOptions(LikelihoodKind.Gaussian, LikelihoodLink.Identity);
        likelihood = new Likelihood("feature likelihood", FeatureNetwork.Add(graph, parameters, model, means), target, gaussian);
        NegativeLogLikelihood = graph.Add(likelihood);
    }

    /// <summary>[N, 1], in nats.</summary>
    public Tensor NegativeLogLikelihood { get; }

    /// <summary>[4]: second Σ(J(x) − J(x̂))² over the batch.</summary>
    public Tensor Totals => likelihood.Totals;

    /// <summary>Features of an image.</summary>
    public int Count => features.H * features.W * features.C;

    /// <summary>The parameters of J, which no step changes.</summary>
    public ParameterSet Parameters => parameters;

    /// <summary>J(x): runs before the graph.</summary>
    public IEnumerable<KernelSpec> TargetKernels() => [.. ofImages.Prepare(), .. ofImages.Forward()];

    /// <summary>Gives J its weights, once.</summary>
    public void Load(Workspace workspace, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        var stored = new float[parameters.Count];
        foreach (Parameter parameter in parameters.Parameters)
            parameter.Scatter(weights[parameter.Name].Values, stored);
        workspace.Upload<float>(parameters.Values, stored);
    }
}

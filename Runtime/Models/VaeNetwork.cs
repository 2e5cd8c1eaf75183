using System;
using System.Collections.Generic;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>Builds the two halves of a VAE as operators.</summary>
internal interface INetworkFamily
{
    /// <summary>The encoder but for its last layer: images [N, H, W, C], perhaps with channels of a label, to features.</summary>
    Tensor AddFeatures(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor images);

    /// <summary>Latents, flat [N, Z] or on a grid [N, h, w, Z / hw], perhaps with channels of a label, to logits [N, H, W, C].</summary>
    /// <param name="last">Applied to the logits, by the operator that makes them.</param>
    Tensor AddDecoder(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor latents, Activation last);
}

/// <summary>
/// The networks of an architecture. Parameters are named encoder.* and decoder.*; a graph may hold either half or both, and two
/// graphs may share one <see cref="ParameterSet"/> only by being built in one.
/// </summary>
public static class VaeNetwork
{
    /// <summary>The codebook of quantized latents, [codes, D], among the weights of a model.</summary>
    public const string Codebook = "codebook";

    /// <summary>The prior of each label of a conditional model, (μ_y | log σ_y²) of each cell: its operator's name in training.</summary>
    public const string LabelPrior = "prior.labels";

    /// <summary>The name of q(z₂|z₁) of a second layer of latents; that of p(z₁|z₂) is <see cref="TwoLayerPrior.DecoderName"/>.</summary>
    public const string TopEncoder = "encoder.top";

    /// <summary>The width of the tanh layers between two layers of latents (Burda et al. 2015).</summary>
    public const int TopWidth = 100;

    /// <summary>Numbers in which the encoder is told a label, beside each pixel.</summary>
    private const int EncoderLabelChannels = 4;

    /// <summary>Numbers in which the decoder is told a label, beside the latent.</summary>
    private const int DecoderLabelChannels = 16;

    private static readonly ConvGeometry Pointwise = new(Kernel: 1, Stride: 1, Pad: 0, PaddingMode.Zero);

    private static readonly Dictionary<NetworkKind, INetworkFamily> Families = new()
    {
        [NetworkKind.Conv] = new ConvNetwork(),
        [NetworkKind.Residual] = new ResidualNetwork(),
        [NetworkKind.Mlp] = new MlpNetwork(),
        [NetworkKind.Linear] = new LinearNetwork(),
    };

    /// <summary>
    /// Images [N, H, W, C] to what the latents are drawn from: [N·cells, 2Z / cells] = (μ | log σ²) of Gaussian latents, [N·cells,
    /// Z / cells] of others.
    /// </summary>
    /// <param name="labels">Words [N] of a conditional model: the place of each image's label in its list.</param>
    public static Tensor AddEncoder(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor images, Tensor? labels = null)
    {
        Tensor x = Condition("encoder", graph, parameters, architecture, images, labels, EncoderLabelChannels);
        Tensor head = AddHead(graph, parameters, architecture, AddFeatures(graph, parameters, architecture, x));
        return head.Reshaped(Shape.Matrix(images.Shape.N * architecture.Cells, architecture.HeadFactor * architecture.LatentSize / architecture.Cells));
    }

    /// <summary>Latents [R, Z] to logits [R, H, W, C].</summary>
    /// <param name="labels">Words [N] of a conditional model; each serves R / N rows.</param>
    public static Tensor AddDecoder(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor latents, Tensor? labels = null) =>
        AddDecoder(graph, parameters, architecture, latents, labels, Activation.None);

    /// <summary>Latents [R, Z] to the means of p(x|z), [R, H, W, C]: the link is applied where the logits are made, which saves a pass.</summary>
    /// <inheritdoc cref="AddDecoder(Graph, ParameterSet, VaeArchitecture, Tensor, Tensor?)"/>
    public static Tensor AddMeanDecoder(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor latents, Tensor? labels = null) =>
        AddDecoder(graph, parameters, architecture, latents, labels, LinkOf(architecture));

    /// <summary>What makes means of logits.</summary>
    internal static Activation LinkOf(VaeArchitecture architecture) =>
        architecture.Likelihood.Link == LikelihoodLink.Sigmoid ? Activation.Sigmoid : Activation.None;

    private static Tensor AddDecoder(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor latents, Tensor? labels, Activation last)
    {
        int side = architecture.LatentSide;
        Tensor z = side == 0 ? latents : latents.Reshaped(new Shape(latents.Shape.N, side, side, architecture.LatentSize / architecture.Cells));
        Tensor x = AddDecoderLabels(graph, parameters, architecture, z, labels);
        return Families[architecture.Network].AddDecoder(graph, parameters, architecture, x, last);
    }

    /// <summary>
    /// (μ_y | log σ_y²) of each row's label, [N, 2Z], cell after cell as in <see cref="AddEncoder"/>: the prior of the Gaussian latents
    /// of a conditional model. It starts as N(0, I).
    /// </summary>
    public static LabelEmbedding LabelPriorOf(ParameterSet parameters, VaeArchitecture architecture, Tensor labels) => new(
        LabelPrior, parameters, labels, architecture.Labels.Count, 2 * architecture.LatentSize, initializer: Initializer.Zeros);

    /// <summary>Latents with what the decoder is told of their labels; the latents themselves where there are none.</summary>
    internal static Tensor AddDecoderLabels(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor latents, Tensor? labels) =>
        Condition("decoder", graph, parameters, a, latents, labels, DecoderLabelChannels);

    /// <summary>Images to what the last layer of the encoder reads.</summary>
    internal static Tensor AddFeatures(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor images) =>
        Families[architecture.Network].AddFeatures(graph, parameters, architecture, images);

    /// <summary>q(z₂|z₁) of a second layer of latents: z₁ [R, Z₁] to [R, 2Z₂] = (μ | log σ²).</summary>
    public static Tensor AddTopEncoder(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor latents) =>
        AddGaussianLayer(TopEncoder, graph, parameters, latents, architecture.TopLatentSize);

    /// <summary>p(z₁|z₂) of a second layer of latents: z₂ [R, Z₂] to [R, 2Z₁] = (μ | log σ²).</summary>
    public static Tensor AddTopDecoder(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor latents) =>
        AddGaussianLayer(TwoLayerPrior.DecoderName, graph, parameters, latents, architecture.LatentSize);

    /// <summary>The last layer of an encoder: linear over all features, or over those of each place of the grid.</summary>
    private static Tensor AddHead(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor features)
    {
        int size = a.HeadFactor * a.LatentSize;
        Initializer? start = a.Network == NetworkKind.Mlp ? Initializer.Glorot(features.Flattened().Shape.C, a.LatentSize) : null;
        return a.LatentSide == 0
            ? graph.Add(new Linear("encoder.head", parameters, features, size, initializer: start))
            : graph.Add(new Conv2d("encoder.head", parameters, features, size / a.Cells, Pointwise));
    }

    /// <summary>The first layer of a convolutional decoder: from the latents to features at the smallest size.</summary>
    internal static Tensor AddInput(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor latents, Activation activation = Activation.None, float gain = 1)
    {
        if (a.LatentSide != 0)
            return graph.Add(new Conv2d("decoder.input", parameters, latents, a.Channels[^1], new ConvGeometry(Kernel: 3, Stride: 1, Pad: 1, a.Padding), activation, gain));
        var inner = new Shape(latents.Shape.N, a.Height / a.Reduction, a.Width / a.Reduction, a.Channels[^1]);
        return graph.Add(new Linear("decoder.input", parameters, latents, inner.H * inner.W * inner.C, activation, gain)).Reshaped(inner);
    }

    /// <summary>The operators of <see cref="GaussianLayer"/>, with the same tensor names.</summary>
    private static Tensor AddGaussianLayer(string name, Graph graph, ParameterSet parameters, Tensor x, int outputs)
    {
        Tensor h = graph.Add(new Linear(name + ".linear0", parameters, x, TopWidth, Activation.Tanh));
        h = graph.Add(new Linear(name + ".linear1", parameters, h, TopWidth, Activation.Tanh));
        return graph.Add(new Linear(name + ".head", parameters, h, 2 * outputs));
    }

    /// <summary>x with an embedding of each row's label beside the channels of every pixel; x itself where there are no labels.</summary>
    private static Tensor Condition(string side, Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor x, Tensor? labels, int channels)
    {
        if (!a.IsConditional)
            return x;
        Tensor known = labels ?? throw new ArgumentException("A conditional model needs the labels of the images.");
        Tensor embedding = graph.Add(new LabelEmbedding(side + ".labels", parameters, known, a.Labels.Count, channels, x.Shape.N / known.Shape.C));
        return graph.Add(new ConcatChannels(side + ".condition", x, embedding));
    }
}

using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>
/// Encoder: a 4×4 convolution with stride 2 and leaky ReLU for each level, then one linear layer. Decoder: its mirror image with
/// transposed convolutions. The shape of DCGAN (Radford et al. 2015, arXiv:1511.06434) without batch normalization.
/// </summary>
internal sealed class ConvNetwork : INetworkFamily
{
    /// <summary>After every layer but the last of each half.</summary>
    internal const Activation Nonlinearity = Activation.LeakyRelu;

    // √(2 / (1 + 0.2²)): keeps the variance through a leaky ReLU of slope 0.2 (He et al. 2015, arXiv:1502.01852, eq. 15).
    private const float Gain = 1.3867505f;

    public Tensor AddFeatures(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor images)
    {
        Tensor x = images;
        for (int i = 0; i < a.Channels.Count; i++)
            x = graph.Add(new Conv2d($"encoder.conv{i}", parameters, x, a.Channels[i], Halve(a), Nonlinearity, Gain));
        return x;
    }

    public Tensor AddDecoder(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor latents, Activation last) =>
        AddUpward(graph, parameters, a, VaeNetwork.AddInput(graph, parameters, a, latents, Nonlinearity, Gain), last);

    /// <summary>The decoder after its first layer: features [N, h, w, C], of any extent, to logits, 2^levels times as high and wide.</summary>
    /// <param name="isAlikeEverywhere">See <see cref="ConvGeometry"/>: of parts of a map, which must not differ where they overlap.</param>
    internal static Tensor AddUpward(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor x, Activation last, bool isAlikeEverywhere = false)
    {
        ConvGeometry doubling = Halve(a) with { IsAlikeEverywhere = isAlikeEverywhere };
        for (int i = a.Channels.Count - 1; i > 0; i--)
            x = graph.Add(new ConvTranspose2d($"decoder.deconv{i}", parameters, x, a.Channels[i - 1], doubling, Nonlinearity, Gain));
        return graph.Add(new ConvTranspose2d("decoder.deconv0", parameters, x, a.ImageChannels, doubling, last));
    }

    private static ConvGeometry Halve(VaeArchitecture a) => new(Kernel: 4, Stride: 2, Pad: 1, a.Padding);
}

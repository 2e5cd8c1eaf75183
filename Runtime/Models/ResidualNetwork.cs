using System;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>
/// Encoder: 3×3 stem, then for each level a 4×4 convolution with stride 2 and a residual block. Decoder: linear, then for each
/// level a residual block, nearest-neighbour upsampling and a 3×3 convolution. A block is x + conv3(SiLU(norm(conv3(SiLU(norm x))))).
/// </summary>
internal sealed class ResidualNetwork : INetworkFamily
{
    public Tensor AddFeatures(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor images)
    {
        Tensor x = images;
        for (int i = 0; i < a.Channels.Count; i++)
        {
            x = graph.Add(new Conv2d($"encoder.down{i}", parameters, x, a.Channels[i], new ConvGeometry(4, 2, 1, a.Padding)));
            x = AddBlock(graph, parameters, $"encoder.block{i}", x, a.Padding);
        }

        return AddNormSilu(graph, parameters, "encoder.out", x);
    }

    public Tensor AddDecoder(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor latents, Activation last)
    {
        Tensor x = VaeNetwork.AddInput(graph, parameters, a, latents);
        for (int i = a.Channels.Count - 1; i >= 0; i--)
        {
            x = AddBlock(graph, parameters, $"decoder.block{i}", x, a.Padding);
            x = graph.Add(new UpsampleNearest($"decoder.up{i}", x, 2));
            x = graph.Add(new Conv2d($"decoder.conv{i}", parameters, x, a.Channels[Math.Max(0, i - 1)], Same(a.Padding)));
        }

        x = AddNormSilu(graph, parameters, "decoder.out", x);
        return graph.Add(new Conv2d("decoder.logits", parameters, x, a.ImageChannels, Same(a.Padding), last));
    }

    private static Tensor AddBlock(Graph graph, ParameterSet parameters, string name, Tensor x, PaddingMode padding)
    {
        Tensor y = AddNormSilu(graph, parameters, name + ".a", x);
        y = graph.Add(new Conv2d(name + ".a.conv", parameters, y, x.Shape.C, Same(padding), gain: MathF.Sqrt(2)));
        y = AddNormSilu(graph, parameters, name + ".b", y);
        y = graph.Add(new Conv2d(name + ".b.conv", parameters, y, x.Shape.C, Same(padding), gain: 0.5f));
        return graph.Add(new AddLayer(name + ".add", x, y));
    }

    private static Tensor AddNormSilu(Graph graph, ParameterSet parameters, string name, Tensor x) =>
        graph.Add(new GroupNorm(name + ".norm", parameters, x, GroupsOf(x.Shape.C), activation: Activation.Silu));

    /// <summary>8 groups, or the largest number below that divides the channels.</summary>
    private static int GroupsOf(int channels)
    {
        int groups = 8;
        while (channels % groups != 0)
            groups--;
        return groups;
    }

    private static ConvGeometry Same(PaddingMode padding) => new(Kernel: 3, Stride: 1, Pad: 1, padding);
}

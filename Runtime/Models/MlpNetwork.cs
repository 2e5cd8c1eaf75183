using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>Fully connected layers with tanh on both sides, as in the first VAE experiments (Kingma &amp; Welling 2013).</summary>
internal sealed class MlpNetwork : INetworkFamily
{
    public Tensor AddFeatures(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor images)
    {
        Tensor x = images;
        for (int i = 0; i < a.Channels.Count; i++)
            x = graph.Add(new Linear($"encoder.linear{i}", parameters, x, a.Channels[i], Activation.Tanh));
        return x;
    }

    public Tensor AddDecoder(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor latents)
    {
        Tensor x = latents;
        for (int i = a.Channels.Count - 1; i >= 0; i--)
            x = graph.Add(new Linear($"decoder.linear{i}", parameters, x, a.Channels[i], Activation.Tanh));
        Tensor logits = graph.Add(new Linear("decoder.logits", parameters, x, a.Values));
        return logits.Reshaped(GatherImages.ShapeOf(a.Packing, latents.Shape.N, a.Height, a.Width));
    }
}

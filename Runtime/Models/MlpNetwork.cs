using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>
/// Fully connected layers with tanh on both sides, as in the first VAE experiments (Kingma &amp; Welling 2013); weights start as Glorot and
/// Bengio (2010) have them, those of μ and of log σ² as two layers.
/// </summary>
internal sealed class MlpNetwork : INetworkFamily
{
    public Tensor AddFeatures(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor images)
    {
        Tensor x = images;
        for (int i = 0; i < a.Channels.Count; i++)
            x = AddLayer(graph, parameters, $"encoder.linear{i}", x, a.Channels[i], Activation.Tanh);
        return x;
    }

    public Tensor AddDecoder(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor latents, Activation last)
    {
        Tensor x = latents;
        for (int i = a.Channels.Count - 1; i >= 0; i--)
            x = AddLayer(graph, parameters, $"decoder.linear{i}", x, a.Channels[i], Activation.Tanh);
        Tensor logits = AddLayer(graph, parameters, "decoder.logits", x, a.Values, last);
        return logits.Reshaped(GatherImages.ShapeOf(a.Packing, latents.Shape.N, a.Height, a.Width));
    }

    private static Tensor AddLayer(
        Graph graph, ParameterSet parameters, string name, Tensor x, int width, Activation activation = Activation.None) =>
        graph.Add(new Linear(name, parameters, x, width, activation, initializer: Initializer.Glorot(x.Flattened().Shape.C, width)));
}

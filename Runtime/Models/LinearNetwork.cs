using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>
/// One linear layer on each side. With a Gaussian likelihood and the identity as its link the best such VAE is probabilistic PCA (Lucas
/// et al. 2019, arXiv:1911.02469), whose likelihood has a closed form: an exact figure to measure a training against.
/// </summary>
internal sealed class LinearNetwork : INetworkFamily
{
    public Tensor AddFeatures(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor images) => images;

    public Tensor AddDecoder(Graph graph, ParameterSet parameters, VaeArchitecture a, Tensor latents, Activation last) =>
        graph.Add(new Linear("decoder.logits", parameters, latents, a.Values, last)).Reshaped(GatherImages.ShapeOf(a.Packing, latents.Shape.N, a.Height, a.Width));
}

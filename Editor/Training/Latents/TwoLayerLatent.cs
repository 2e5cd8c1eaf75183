using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training.Latents;

/// <summary>
/// Two stochastic layers (Burda et al. 2015, arXiv:1509.00519, section 5): q(z₁|x) of the encoder and q(z₂|z₁) of an MLP, against
/// p(z₂) = N(0, I) and p(z₁|z₂) of another. The decoder reads z₁. A row has one draw of each layer.
/// </summary>
internal sealed class TwoLayerLatent(LatentContext context) : GaussianLatent(context)
{
    /// <summary>log q(z₁|x) − log p(z₁|z₂) + log q(z₂|z₁) − log p(z₂)</summary>
    public override Tensor LogRatio(Tensor latents, bool detachPosterior)
    {
        (Graph graph, ParameterSet parameters, VaeArchitecture a) = (Context.Graph, Context.Parameters, Context.Architecture);
        Tensor posterior = VaeNetwork.AddTopEncoder(graph, parameters, a, latents);
        Tensor top = graph.Add(new Reparameterize("top posterior", posterior, Context.Step, stream: Reparameterize.SecondStream));
        Tensor prior = VaeNetwork.AddTopDecoder(graph, parameters, a, top);
        Tensor first = graph.Add(new GaussianLogRatio("log ratio", latents, Context.Head, prior));
        Tensor second = graph.Add(new GaussianLogRatio("top log ratio", top, posterior));
        return graph.Add(new AddLayer("log ratio of both", first, second));
    }
}

using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>
/// The network J in whose features a reconstruction is compared with its original (Higgins et al. 2017, arXiv:1707.08475): the
/// encoder of a denoising autoencoder, without its bottleneck. Its parameters are named as an encoder's.
/// </summary>
public static class FeatureNetwork
{
    /// <summary>Numbers in the bottleneck of the denoising autoencoder.</summary>
    private const int Bottleneck = 128;

    /// <summary>The denoising autoencoder beside a model: the same network for the same images, with a bottleneck that is a point.</summary>
    public static VaeArchitecture Autoencoder(VaeArchitecture model) =>
        new(model.Network, model.Width, model.Height, Bottleneck, model.Channels, new LikelihoodOptions(LikelihoodKind.Gaussian), model.Padding)
        {
            Latent = LatentKind.Point,
            Pixels = model.Pixels,
        };

    /// <summary>J: images [N, H, W, C] in [0, 1] to features [N, h, w, F].</summary>
    /// <param name="graph">Gets the operators.</param>
    /// <param name="parameters">Gets the parameters; a frozen set serves several calls.</param>
    /// <param name="model">The model beside which J stands.</param>
    /// <param name="images">What to look at.</param>
    public static Tensor Add(Graph graph, ParameterSet parameters, VaeArchitecture model, Tensor images) =>
        VaeNetwork.AddFeatures(graph, parameters, Autoencoder(model), images);

    /// <summary>The parameters of J, as a frozen set.</summary>
    public static ParameterSet ParametersOf(VaeArchitecture model)
    {
        var parameters = new ParameterSet("feature weights") { IsFrozen = true };
        Add(new Graph(), parameters, model, new Tensor("images", GatherImages.ShapeOf(model.Packing, 1, model.Height, model.Width)));
        return parameters;
    }
}

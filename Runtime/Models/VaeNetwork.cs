using System.Collections.Generic;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>Builds the two halves of a VAE as operators.</summary>
internal interface INetworkFamily
{
    /// <summary>Images [N, H, W, 4] to the posterior's parameters [N, 2Z] = (μ | log σ²).</summary>
    Tensor AddEncoder(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor images);

    /// <summary>Latents [N, Z] to logits [N, H, W, 4].</summary>
    Tensor AddDecoder(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor latents);
}

/// <summary>
/// The networks of an architecture. Parameters are named encoder.* and decoder.*; a graph may hold either half or both, and two
/// graphs may share one <see cref="ParameterSet"/> only by being built in one.
/// </summary>
public static class VaeNetwork
{
    private static readonly Dictionary<NetworkKind, INetworkFamily> Families = new()
    {
        [NetworkKind.Conv] = new ConvNetwork(),
        [NetworkKind.Residual] = new ResidualNetwork(),
        [NetworkKind.Mlp] = new MlpNetwork(),
    };

    /// <inheritdoc cref="INetworkFamily.AddEncoder"/>
    public static Tensor AddEncoder(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor images) =>
        Families[architecture.Network].AddEncoder(graph, parameters, architecture, images);

    /// <inheritdoc cref="INetworkFamily.AddDecoder"/>
    public static Tensor AddDecoder(Graph graph, ParameterSet parameters, VaeArchitecture architecture, Tensor latents) =>
        Families[architecture.Network].AddDecoder(graph, parameters, architecture, latents);
}

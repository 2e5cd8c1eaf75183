using System;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>The decoder of an architecture for a fixed batch: latents [N, Z] to the means of p(x|z).</summary>
internal sealed class DecoderGraph
{
    /// <param name="parameters">Frozen, so that graphs of several batches share the weights.</param>
    public DecoderGraph(VaeArchitecture architecture, ParameterSet parameters, int batch)
    {
        Batch = batch;
        Graph = new Graph();
        Latents = new Tensor("latents", Shape.Matrix(batch, architecture.LatentSize));
        Labels = architecture.IsConditional ? new Tensor("labels", Shape.Vector(batch)) : null;
        Values = VaeNetwork.AddMeanDecoder(Graph, parameters, architecture, Latents, Labels);
    }

    public int Batch { get; }

    public Graph Graph { get; }

    /// <summary>[N, Z]</summary>
    public Tensor Latents { get; }

    /// <summary>[N] words: the place of each label; null where the model is not conditional.</summary>
    public Tensor? Labels { get; }

    /// <summary>As <see cref="VaeArchitecture.Packing"/> has them.</summary>
    public Tensor Values { get; }
}

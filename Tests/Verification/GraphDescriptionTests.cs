using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Verification;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Verification;

public sealed class GraphDescriptionTests
{
    /// <summary>Each node reads the images, a parameter, or what a node before it has made; the last makes the logits.</summary>
    [Test]
    public void EveryPresetIsAListThatCanBeRunFromTopToBottom([Values("fast", "wide", "residual", "mlp")] string preset)
    {
        VaeArchitecture a = VaePreset.Create(preset, 16, 4, new LikelihoodOptions(LikelihoodKind.Laplace), PaddingMode.Circular);
        var graph = new Graph();
        var parameters = new ParameterSet("weights");
        var images = new Tensor("x", new Shape(2, 16, 16, 4));
        Tensor head = VaeNetwork.AddEncoder(graph, parameters, a, images);
        var posterior = new Reparameterize("posterior", head, new Tensor("step", Shape.Vector(32)));
        Tensor logits = VaeNetwork.AddDecoder(graph, parameters, a, graph.Add(posterior));
        graph.Add(new Likelihood("likelihood", logits, images, a.Likelihood));

        var known = new HashSet<string>(parameters.Parameters.Select(p => p.Name)) { "images" };
        var read = new HashSet<string>();
        string last = "";
        foreach (JsonElement node in JsonDocument.Parse(GraphDescription.ToJson(graph, images, logits)).RootElement.EnumerateArray())
        {
            string[] inputs = node.GetProperty("inputs").EnumerateArray().Select(e => e.GetString()!).ToArray();
            Assert.That(inputs, Is.SubsetOf(known), node.ToString());
            Assert.That(node.GetProperty("op").GetString(), Is.Not.EqualTo("likelihood"));
            read.UnionWith(inputs);
            Assert.That(known.Add(last = node.GetProperty("output").GetString()!), $"{last} is made twice");
        }

        Assert.That(last, Is.EqualTo("logits"));
        Assert.That(known.Except(read), Is.EqualTo(new[] { "logits" }), "everything is used");
    }
}

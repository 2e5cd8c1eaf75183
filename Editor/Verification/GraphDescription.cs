using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Verification;

/// <summary>
/// A network as a list of operators in JSON, from the tensor "images" to "logits", so that any framework can run it:
/// op, name, inputs (tensors, then parameters), output, and the operator's own attributes.
/// </summary>
public static class GraphDescription
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="graph">Encoder, reparameterization and decoder; losses are left out.</param>
    /// <param name="images">The tensor that is called "images".</param>
    /// <param name="logits">The tensor that is called "logits".</param>
    public static string ToJson(Graph graph, Tensor images, Tensor logits)
    {
        var nodes = new List<Dictionary<string, object>>();
        foreach (Operator op in graph.Operators.TakeWhile(o => o is not Likelihood))
        {
            var inputs = op.Inputs.Select(t => NameFor(t, images, logits, nodes)).ToList();
            Dictionary<string, object> node = Describe(op, out Parameter[] parameters);
            node["name"] = op.Name;
            node["inputs"] = inputs.Concat(parameters.Select(p => p.Name)).ToArray();
            node["output"] = ReferenceEquals(Root(op.Output), Root(logits)) && op.Output.Shape == logits.Shape ? "logits" : op.Output.Name;
            nodes.Add(node);
            if (ReferenceEquals(Root(op.Output), Root(logits)) && op.Output.Shape != logits.Shape)
                nodes.Add(Reshape(op.Output.Name, "logits", logits.Shape));
        }

        return JsonSerializer.Serialize(nodes, Json);
    }

    private static Dictionary<string, object> Describe(Operator op, out Parameter[] parameters)
    {
        switch (op)
        {
            case Conv2d conv:
                parameters = [conv.Weight, conv.Bias];
                return Convolution("conv2d", conv.Geometry, conv.Activation);
            case ConvTranspose2d deconv:
                parameters = [deconv.Weight, deconv.Bias];
                return Convolution("conv_transpose2d", deconv.Geometry, deconv.Activation);
            case Linear linear:
                parameters = [linear.Weight, linear.Bias];
                return new() { ["op"] = "linear", ["activation"] = NameOf(linear.Activation), ["slope"] = 0.2 };
            case LayerNorm norm:
                parameters = [norm.Gamma, norm.Beta];
                return new() { ["op"] = "layer_norm", ["epsilon"] = norm.Epsilon, ["activation"] = NameOf(norm.Activation), ["slope"] = 0.2 };
            case GroupNorm norm:
                parameters = [norm.Gamma, norm.Beta];
                return new() { ["op"] = "group_norm", ["groups"] = norm.Groups, ["epsilon"] = norm.Epsilon, ["activation"] = NameOf(norm.Activation), ["slope"] = 0.2 };
            case ActivationLayer activation:
                parameters = [];
                return new() { ["op"] = "activation", ["activation"] = NameOf(activation.Activation), ["slope"] = 0.2 };
            case UpsampleNearest upsample:
                parameters = [];
                return new() { ["op"] = "upsample", ["factor"] = upsample.Factor };
            case AddLayer:
                parameters = [];
                return new() { ["op"] = "add" };
            case Reparameterize:
                parameters = [];
                return new() { ["op"] = "reparameterize" };
            default:
                throw new NotSupportedException($"Operator '{op.Name}' of type {op.GetType().Name} has no description; add it to {nameof(GraphDescription)}.");
        }
    }

    private static Dictionary<string, object> Convolution(string op, ConvGeometry g, Activation activation) => new()
    {
        ["op"] = op,
        ["stride"] = g.Stride,
        ["padding"] = g.Pad,
        ["padding_mode"] = g.Padding == PaddingMode.Circular ? "circular" : "zero",
        ["activation"] = NameOf(activation),
        ["slope"] = 0.2,
    };

    private static string NameOf(Activation activation) => activation == Activation.LeakyRelu ? "leaky_relu" : activation.ToString().ToLowerInvariant();

    /// <summary>A tensor's name; where it is seen under another shape than it was made with, a reshape is put in between.</summary>
    private static string NameFor(Tensor tensor, Tensor images, Tensor logits, List<Dictionary<string, object>> nodes)
    {
        if (ReferenceEquals(tensor, images))
            return "images";
        Tensor root = Root(tensor);
        if (root.Shape == tensor.Shape)
            return ReferenceEquals(tensor, logits) ? "logits" : tensor.Name;
        string name = tensor.Name + " reshaped";
        if (nodes.All(n => (string)n["output"] != name))
            nodes.Add(Reshape(root.Name, name, tensor.Shape));
        return name;
    }

    private static Dictionary<string, object> Reshape(string from, string to, Shape shape) => new()
    {
        ["op"] = "reshape",
        ["name"] = to,
        ["inputs"] = new[] { from },
        ["output"] = to,
        ["shape"] = new[] { shape.N, shape.H, shape.W, shape.C },
    };

    private static Tensor Root(Tensor tensor) => tensor.Base is { } b ? Root(b) : tensor;
}

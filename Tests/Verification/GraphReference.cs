using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Verification;

/// <summary>
/// Runs a dump's list of operators (GraphDescription) forward and backward in double precision, from what stands in the file alone.
/// </summary>
internal sealed class GraphReference
{
    private readonly Dictionary<string, (Dims Dims, double[] Values)> tensors = [];
    private readonly Dictionary<string, double[]> gradients = [];
    private readonly List<JsonElement> nodes;
    private readonly SafetensorsFile file;

    public GraphReference(SafetensorsFile file)
    {
        this.file = file;
        nodes = [.. JsonDocument.Parse(file.Metadata["graph"]).RootElement.EnumerateArray()];
        tensors["images"] = Read("images");
        foreach (JsonElement node in nodes)
            tensors.Add(Output(node), Forward(node));
    }

    public double[] Values(string tensor) => tensors[tensor].Values;

    /// <summary>The tensor that the reparameterization reads: [N, 2Z].</summary>
    public string Head => Inputs(nodes.Single(n => Op(n) == "reparameterize"))[0];

    /// <summary>Gradients of all parameters, from the loss's gradients at two tensors.</summary>
    public IReadOnlyDictionary<string, double[]> Backward(double[] dLogits, double[] dHead)
    {
        Accumulate("logits", dLogits);
        Accumulate(Head, dHead);
        foreach (JsonElement node in Enumerable.Reverse(nodes))
            Backward(node);
        return gradients;
    }

    private static string Op(JsonElement node) => node.GetProperty("op").GetString()!;

    private static string Output(JsonElement node) => node.GetProperty("output").GetString()!;

    private static string[] Inputs(JsonElement node) => node.GetProperty("inputs").EnumerateArray().Select(e => e.GetString()!).ToArray();

    private static int Int(JsonElement node, string attribute) => node.GetProperty(attribute).GetInt32();

    private static ActivationReference.Kind Activation(JsonElement node) => node.GetProperty("activation").GetString() switch
    {
        "none" => ActivationReference.Kind.Identity,
        "leaky_relu" => ActivationReference.Kind.LeakyReLU,
        "silu" => ActivationReference.Kind.SiLU,
        "tanh" => ActivationReference.Kind.Tanh,
        var other => throw new ArgumentException($"Activation '{other}' is not known here."),
    };

    private (Dims Dims, double[] Values) Read(string name)
    {
        TensorEntry entry = file.Get(name);
        int[] shape = entry.Shape.Select(d => (int)d).ToArray();
        Dims dims = shape switch
        {
            [int n, int h, int w, int c] => new Dims(n, h, w, c),
            [int n, int c] => new Dims(n, 1, 1, c),
            _ => new Dims(1, 1, 1, shape[0]),
        };
        return (dims, TestData.ToDouble(file.GetFloats(name)));
    }

    private double[] Weight(string name) => Read("weight." + name).Values;

    private (Dims Dims, double[] Values) Forward(JsonElement node)
    {
        string[] inputs = Inputs(node);
        (Dims x, double[] values) = tensors[inputs[0]];
        switch (Op(node))
        {
            case "conv2d":
            case "conv_transpose2d":
            case "linear":
                (Dims y, double[] before) = Affine(node);
                return (y, ActivationReference.Forward(Activation(node), before));
            case "group_norm":
                return (x, ActivationReference.Forward(Activation(node), Normalized(node)));
            case "activation":
                return (x, ActivationReference.Forward(Activation(node), values));
            case "upsample":
                int factor = Int(node, "factor");
                return (UpsampleNearestReference.Output(x, factor), UpsampleNearestReference.Forward(x, factor, values));
            case "add":
                return (x, AddReference.Forward(values, tensors[inputs[1]].Values));
            case "reshape":
                int[] shape = node.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()).ToArray();
                return (new Dims(shape[0], shape[1], shape[2], shape[3]), values);
            case "reparameterize":
                return (x with { C = x.C / 2 }, ReparameterizeReference.Forward(x.N, x.C / 2, values, Read("epsilon").Values));
            default:
                throw new ArgumentException($"Operator '{Op(node)}' is not known here.");
        }
    }

    private void Backward(JsonElement node)
    {
        string[] inputs = Inputs(node);
        (Dims x, double[] values) = tensors[inputs[0]];
        double[] dY = gradients[Output(node)];
        switch (Op(node))
        {
            case "conv2d":
            case "conv_transpose2d":
            case "linear":
                double[] d = ActivationReference.Backward(Activation(node), Affine(node).Before, dY), w = Weight(inputs[1]);
                (double[] dX, double[] dWeight, double[] dBias) = Op(node) switch
                {
                    "linear" => LinearReference.Backward(LinearOf(node), values, w, d),
                    "conv2d" => Conv2dReference.Backward(ConvOf(node), values, w, d),
                    _ => ConvTranspose2dReference.Backward(DeconvOf(node), values, w, d),
                };
                Accumulate(inputs[0], dX);
                Accumulate(inputs[1], dWeight);
                Accumulate(inputs[2], dBias);
                break;
            case "group_norm":
                double[] dV = ActivationReference.Backward(Activation(node), Normalized(node), dY);
                var norm = GroupNormReference.Backward(x, Int(node, "groups"), Epsilon(node), values, Weight(inputs[1]), dV);
                Accumulate(inputs[0], norm.dX);
                Accumulate(inputs[1], norm.dGamma);
                Accumulate(inputs[2], norm.dBeta);
                break;
            case "activation":
                Accumulate(inputs[0], ActivationReference.Backward(Activation(node), values, dY));
                break;
            case "upsample":
                Accumulate(inputs[0], UpsampleNearestReference.Backward(x, Int(node, "factor"), dY));
                break;
            case "add":
                (double[] dA, double[] dB) = AddReference.Backward(dY);
                Accumulate(inputs[0], dA);
                Accumulate(inputs[1], dB);
                break;
            case "reshape":
                Accumulate(inputs[0], dY);
                break;
            case "reparameterize":
                Accumulate(inputs[0], ReparameterizeReference.Backward(x.N, x.C / 2, values, Read("epsilon").Values, dY));
                break;
        }
    }

    private void Accumulate(string name, double[] gradient) =>
        gradients[name] = gradients.TryGetValue(name, out double[]? sum) ? sum.Zip(gradient, (a, b) => a + b).ToArray() : gradient;

    /// <summary>Weight and bias, before the activation.</summary>
    private (Dims Dims, double[] Before) Affine(JsonElement node)
    {
        string[] inputs = Inputs(node);
        double[] x = tensors[inputs[0]].Values, weight = Weight(inputs[1]), bias = Weight(inputs[2]);
        return Op(node) switch
        {
            "linear" => (LinearOf(node).Y, LinearReference.Forward(LinearOf(node), x, weight, bias)),
            "conv2d" => (ConvOf(node).Y, Conv2dReference.Forward(ConvOf(node), x, weight, bias)),
            _ => (DeconvOf(node).Y, ConvTranspose2dReference.Forward(DeconvOf(node), x, weight, bias)),
        };
    }

    /// <summary>Of a group_norm, before the activation.</summary>
    private double[] Normalized(JsonElement node)
    {
        string[] inputs = Inputs(node);
        (Dims x, double[] values) = tensors[inputs[0]];
        return GroupNormReference.Forward(x, Int(node, "groups"), Epsilon(node), values, Weight(inputs[1]), Weight(inputs[2]));
    }

    private LinearReference.Geometry LinearOf(JsonElement node)
    {
        long[] shape = file.Get("weight." + Inputs(node)[1]).Shape;
        return new(tensors[Inputs(node)[0]].Dims.N, (int)shape[0], (int)shape[1]);
    }

    private Conv2dReference.Geometry ConvOf(JsonElement node)
    {
        long[] shape = file.Get("weight." + Inputs(node)[1]).Shape;
        (int r, int s, int k) = ((int)shape[0], (int)shape[1], (int)shape[3]);
        return new(tensors[Inputs(node)[0]].Dims, k, r, s, Int(node, "stride"), Int(node, "padding"), IsCircular(node));
    }

    private ConvTranspose2dReference.Geometry DeconvOf(JsonElement node)
    {
        long[] shape = file.Get("weight." + Inputs(node)[1]).Shape;
        (int r, int s, int k) = ((int)shape[0], (int)shape[1], (int)shape[2]);
        return new(tensors[Inputs(node)[0]].Dims, k, r, s, Int(node, "stride"), Int(node, "padding"), IsCircular(node));
    }

    private static bool IsCircular(JsonElement node) => node.GetProperty("padding_mode").GetString() == "circular";

    private static double Epsilon(JsonElement node) => node.GetProperty("epsilon").GetDouble();
}

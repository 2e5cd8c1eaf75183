using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Models;

/// <summary>Models with drawn weights: nothing is trained.</summary>
internal static class TinyModel
{
    public static readonly VaeArchitecture Architecture =
        new(NetworkKind.Conv, 8, 8, 4, [8], new LikelihoodOptions(LikelihoodKind.Laplace), PaddingMode.Circular);

    /// <summary>Every parameter of an architecture.</summary>
    public static IReadOnlyList<Parameter> ParametersOf(VaeArchitecture a)
    {
        var parameters = new ParameterSet("weights");
        var images = new Tensor("images", new Shape(1, a.Height, a.Width, 4));
        VaeNetwork.AddEncoder(new Graph(), parameters, a, images);
        VaeNetwork.AddDecoder(new Graph(), parameters, a, new Tensor("latents", Shape.Matrix(1, a.LatentSize)));
        return parameters.Parameters;
    }

    /// <summary>Weights that keep activations of size 1; biases are small, and the same for a name at all times.</summary>
    public static float[] Draw(Parameter parameter)
    {
        int length = parameter.LogicalShape.Aggregate(1, (a, b) => a * b), seed = parameter.Name.Sum(c => c);
        double scale = parameter.Initializer.Kind == InitializerKind.Uniform ? parameter.Initializer.Scale : 0.1;
        double centre = parameter.Initializer == Initializer.Ones ? 1 : 0;
        return TestData.Uniform(length, seed).Select(u => (float)(centre + (scale * u))).ToArray();
    }

    public static Dictionary<string, WeightTensor> WeightsFor(VaeArchitecture architecture) =>
        ParametersOf(architecture).ToDictionary(p => p.Name, p => new WeightTensor(p.LogicalShape, Draw(p)));
}

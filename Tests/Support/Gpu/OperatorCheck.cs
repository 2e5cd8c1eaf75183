using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Support.Gpu;

/// <summary>
/// Runs an operator, or a small graph of them, forward and backward on a device. One <see cref="Run"/> also checks what holds for
/// every operator: a second run leaves the same bits in all that was written (so nothing is accumulated that should be written),
/// and padding channels and the memory past the end of each tensor stay zero (Include/operands.glsl).
/// </summary>
public sealed class OperatorCheck(GpuDevice device, MixedPrecision? mixed = null) : IDisposable
{
    private readonly Workspace workspace = new(device);
    private readonly List<Tensor> constants = new();
    private Gradients? gradients;

    public Graph Graph { get; } = new();

    public ParameterSet Parameters { get; } = new("parameters") { Mixed = mixed };

    /// <summary>A tensor that holds the given unpadded values.</summary>
    public Tensor Input(string name, Dims dims, double[] values)
    {
        var tensor = new Tensor(name, Padded.ShapeOf(dims));
        workspace.Upload<float>(tensor, Padded.Store(tensor.Shape, values));
        return tensor;
    }

    /// <summary>As <see cref="Input"/>, of which no gradient is wanted.</summary>
    public Tensor Constant(string name, Dims dims, double[] values)
    {
        Tensor tensor = Input(name, dims, values);
        constants.Add(tensor);
        return tensor;
    }

    /// <summary>The state of a step.</summary>
    public Tensor Step(StepState state, params uint[] batchRows)
    {
        var words = new uint[StepState.WordsFor(batchRows.Length)];
        state.Write(words, batchRows);
        return Words("step", words);
    }

    /// <summary>A tensor of 32-bit words.</summary>
    public Tensor Words(string name, uint[] words)
    {
        var tensor = new Tensor(name, Shape.Vector(words.Length));
        workspace.Upload<uint>(tensor, words);
        return tensor;
    }

    /// <summary>Gives unpadded values to a tensor that the operator has made.</summary>
    public void Upload(Tensor tensor, double[] values) => workspace.Upload<float>(tensor, Padded.Store(tensor.Shape, values));

    /// <summary>Unpadded values, in the order in which the parameters were added.</summary>
    public void UploadParameters(params double[][] values)
    {
        if (Parameters.Parameters.Count != values.Length)
            throw new ArgumentException($"There are {Parameters.Parameters.Count} parameters; found values for {values.Length}.");
        if (values.Length == 0)
            return;
        var stored = new float[Parameters.Count];
        foreach ((Parameter parameter, double[] logical) in Parameters.Parameters.Zip(values))
            parameter.Scatter(TestData.ToFloat(logical), stored);
        workspace.Upload<float>(Parameters.Values, stored);
    }

    /// <summary>Runs the graph forward and backward, twice.</summary>
    /// <param name="output">Where the gradient starts.</param>
    /// <param name="dOutput">dL/d<paramref name="output"/>; null where the graph ends in a loss of its own.</param>
    /// <param name="parameters">Unpadded values, in the order in which the parameters were added.</param>
    public void Run(Tensor output, double[]? dOutput, params double[][] parameters)
    {
        UploadParameters(parameters);
        if (dOutput != null)
            Graph.Add(new GivenGradient(output, Constant("dOutput", Padded.DimsOf(output.Shape), dOutput)));
        (IReadOnlyList<KernelSpec> backward, gradients) = Graph.Backward([.. constants]);
        RunKernels([.. Graph.Prepare(), .. Graph.Forward(), .. backward]);
    }

    /// <summary>Runs kernels twice, with the checks of the class.</summary>
    public void RunKernels(IReadOnlyList<KernelSpec> kernels)
    {
        using var program = new GpuProgram(workspace, TestContext.CurrentContext.Test.Name, kernels);
        var results = kernels.SelectMany(k => k.Bindings).Where(b => b.Mode == BindingMode.Result);
        Tensor[] written = results.Select(b => b.Tensor).Distinct().ToArray();
        program.Run();
        uint[][] first = written.Select(workspace.Download<uint>).ToArray();
        program.Run();
        for (int i = 0; i < written.Length; i++)
        {
            bool same = workspace.Download<uint>(written[i]).AsSpan().SequenceEqual(first[i]);
            Assert.That(same, $"{written[i]}: a second run left other bits than the first.");
            Value(written[i]);
        }
    }

    /// <summary>The unpadded values of a tensor.</summary>
    public float[] Value(Tensor tensor)
    {
        workspace.Device.WaitIdle();
        BufferRange range = workspace.RangeOf(tensor);
        var stored = new float[range.LengthBytes / sizeof(float)];
        range.Buffer.Download<float>(stored, range.OffsetBytes);
        return Padded.Take(tensor.Shape, stored, message => Assert.Fail($"{tensor}: {message}"));
    }

    /// <summary>The values of a tensor of words.</summary>
    public uint[] ValueWords(Tensor tensor) => workspace.Download<uint>(tensor)[..tensor.Shape.C];

    /// <summary>The unpadded dL/d<paramref name="tensor"/>.</summary>
    public float[] Gradient(Tensor tensor) =>
        Value((gradients ?? throw new InvalidOperationException("Call Run first.")).Of(tensor));

    /// <summary>The unpadded dL/d<paramref name="parameter"/>.</summary>
    public float[] Gradient(Parameter parameter) => parameter.Gather(workspace.Download<float>(Parameters.Gradients));

    public void Dispose() => workspace.Dispose();
}

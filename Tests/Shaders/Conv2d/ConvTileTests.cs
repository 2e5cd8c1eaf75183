using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

/// <summary>A dispatch leaves the same bits by tiles of whatever shape, so that a stopwatch may choose among them.</summary>
public sealed class ConvTileTests(OperandPath path) : GpuTest(path)
{
    private readonly OperandPath path = path;

    [TestCase(3, 5, 7, 45, 33, 3, 1, 1, PaddingMode.Circular, Description = "tiles that rows and columns cut")]
    [TestCase(6, 13, 7, 36, 68, 4, 2, 1, PaddingMode.Zero, Description = "tiles of 2x2 that the extents cut; backward is the transposed convolution")]
    [TestCase(130, 1, 1, 65, 131, 1, 1, 0, PaddingMode.Zero, Description = "linear")]
    public void EachLeavesTheSameBits(int n, int h, int w, int c, int k, int kernel, int stride, int pad, PaddingMode padding)
    {
        var geometry = new ConvGeometry(kernel, stride, pad, padding);
        RequireSameBits(new Dims(n, h, w, c), (parameters, x) => new Conv2d("conv", parameters, x, k, geometry, Activation.LeakyRelu));
    }

    private void RequireSameBits(Dims dims, Func<ParameterSet, Tensor, Operator> make)
    {
        using var workspace = new Workspace(Device);
        var graph = new Graph();
        var parameters = new ParameterSet("parameters");
        var x = new Tensor("x", Padded.ShapeOf(dims));
        Operator op = make(parameters, x);
        graph.Add(op);
        Shape y = op.Output.Shape;
        var dOutput = new Tensor("dOutput", y);
        graph.Add(new GivenGradient(op.Output, dOutput));
        IReadOnlyList<KernelSpec> backward = graph.Backward().Kernels;
        workspace.Upload<float>(x, Padded.Store(x.Shape, TestData.Uniform(dims.Length, 1)));
        workspace.Upload<float>(dOutput, Padded.Store(y, TestData.Uniform(y.Pixels * y.C, 2)));
        UploadParameters(workspace, parameters);

        int compared = 0;
        foreach (KernelSpec usual in graph.Prepare().Concat(graph.Forward()).Concat(backward))
        {
            uint[] expected = Run(workspace, usual);
            foreach (KernelSpec other in usual.On(path).Skip(1))
            {
                Assert.That(Run(workspace, other).AsSpan().SequenceEqual(expected), $"{other.Label} by {other.Kernel} left other bits than by {usual.On(path)[0].Kernel}.");
                compared++;
            }
        }

        // Forward and backward by data, and on the shared path the weight gradient.
        Assert.That(compared, Is.AtLeast(path == OperandPath.Shared ? 9 : 2));
    }

    /// <summary>What the kernel leaves in its result, which holds nonsense before.</summary>
    private static uint[] Run(Workspace workspace, KernelSpec kernel)
    {
        Tensor[] written = kernel.Bindings.Where(b => b.Writes).Select(b => b.Tensor).ToArray();
        // A kernel that works in place has no alternatives, and needs what is there.
        if (kernel.Bindings.All(b => b.Writes || !written.Contains(b.Tensor)))
        {
            foreach (Tensor tensor in written)
                workspace.Upload<float>(tensor, Enumerable.Repeat(float.NaN, (int)tensor.Shape.Count).ToArray());
        }

        using var program = new GpuProgram(workspace, kernel.Kernel, [kernel]);
        program.Run();
        return written.SelectMany(workspace.Download<uint>).ToArray();
    }

    private static void UploadParameters(Workspace workspace, ParameterSet parameters)
    {
        var stored = new float[parameters.Count];
        int seed = 3;
        foreach (Parameter p in parameters.Parameters)
            p.Scatter(TestData.ToFloat(TestData.Uniform(p.LogicalShape.Aggregate(1, (a, b) => a * b), seed++)), stored);
        workspace.Upload<float>(parameters.Values, stored);
    }
}

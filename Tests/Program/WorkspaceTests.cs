using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Program;

[NonParallelizable]
public sealed class WorkspaceTests(OperandPath path) : GpuTest(path)
{
    [Test]
    public void ATensorStartsAsZerosWithOneImageOfZerosPastItsEnd([Values] TensorMemory memory)
    {
        using var workspace = new Workspace(Device);
        var tensor = new Tensor("x", new Shape(3, 2, 5, 7), memory);
        BufferRange range = workspace.RangeOf(tensor);
        Assert.That(range.LengthBytes, Is.GreaterThanOrEqualTo(4 * (tensor.Shape.Count + (2 * 5 * 8))));
        Assert.That(range.OffsetBytes % Device.Limits.BufferOffsetAlignment, Is.Zero);
        var stored = new float[range.LengthBytes / 4];
        range.Buffer.Download<float>(stored, range.OffsetBytes);
        Assert.That(stored, Is.All.Zero);
    }

    [Test]
    public void TensorsKeepTheirPlacesAndDoNotOverlap()
    {
        using var workspace = new Workspace(Device);
        Tensor[] tensors = Enumerable.Range(1, 5).Select(i => new Tensor($"t{i}", Shape.Matrix(i, 13))).ToArray();
        workspace.Reserve(tensors[..3]);
        BufferRange first = workspace.RangeOf(tensors[0]);
        workspace.Reserve(tensors);
        Assert.That(workspace.RangeOf(tensors[0]), Is.EqualTo(first));
        for (int i = 0; i < tensors.Length; i++)
            workspace.Upload<float>(tensors[i], Enumerable.Repeat((float)i, (int)tensors[i].Shape.Count).ToArray());
        for (int i = 0; i < tensors.Length; i++)
            Assert.That(workspace.Download<float>(tensors[i]), Is.All.EqualTo((float)i), tensors[i].Name);
    }

    [Test]
    public void WhatIsTooMuchForOneBufferLiesInSeveral()
    {
        using var workspace = new Workspace(Device) { LargestBuffer = 40_000 };
        Tensor[] tensors = Enumerable.Range(0, 7).Select(i => new Tensor($"t{i}", Shape.Matrix(1, i == 3 ? 20_000 : 1500))).ToArray();
        long bytes = workspace.BytesFor(tensors);
        long before = Device.AllocatedBytes;
        workspace.Reserve(tensors);
        Assert.That(workspace.BytesFor(tensors), Is.Zero);
        Assert.That(Device.AllocatedBytes - before, Is.GreaterThanOrEqualTo(bytes));
        Assert.That(tensors.Select(t => workspace.RangeOf(t).Buffer).Distinct().Count(), Is.EqualTo(3), "t0 to t2, t3 by itself, t4 to t6");
        for (int i = 0; i < tensors.Length; i++)
            workspace.Upload<float>(tensors[i], Enumerable.Repeat((float)i, (int)tensors[i].Shape.Count).ToArray());
        for (int i = 0; i < tensors.Length; i++)
            Assert.That(workspace.Download<float>(tensors[i]), Is.All.EqualTo((float)i), tensors[i].Name);
    }

    [Test]
    public void AViewIsTheSameMemoryAndASliceIsItsPart()
    {
        using var workspace = new Workspace(Device);
        var tensor = new Tensor("x", new Shape(2, 3, 1, 4));
        float[] values = Enumerable.Range(0, 24).Select(i => (float)i).ToArray();
        workspace.Upload<float>(tensor.Flattened(), values);
        Assert.That(workspace.Download<float>(tensor), Is.EqualTo(values));

        var set = new ParameterSet("parameters");
        Parameter first = set.Add("first", Shape.Vector(5), [5], Initializer.Zeros, decays: false);
        Parameter second = set.Add("second", Shape.Vector(3), [3], Initializer.Zeros, decays: false);
        workspace.Upload<float>(second, [1, 2, 3, 0]);
        workspace.Upload<float>(first.Gradient, [4, 5]);
        Assert.That(second.Gather(workspace.Download<float>(set.Values)), Is.EqualTo(new[] { 1f, 2f, 3f }));
        Assert.That(first.Gather(workspace.Download<float>(set.Values)), Is.All.Zero);
        Assert.That(first.Gather(workspace.Download<float>(set.Gradients)), Is.EqualTo(new[] { 4f, 5f, 0f, 0f, 0f }));
        BufferRange a = workspace.RangeOf(first), b = workspace.RangeOf(second);
        Assert.That(a.OffsetBytes + a.LengthBytes, Is.LessThanOrEqualTo(b.OffsetBytes), "the zeros past a slice are its own");
    }

    [Test]
    public void MapWritesAHostTensorInPlace()
    {
        using var workspace = new Workspace(Device);
        var table = new Tensor("table", Shape.Vector(8), TensorMemory.Host);
        workspace.Map<uint>(table)[3] = 42;
        Assert.That(workspace.Download<uint>(table), Is.EqualTo(new uint[] { 0, 0, 0, 42, 0, 0, 0, 0 }));
    }

    [Test]
    public void WritesFromAPlaceOn()
    {
        var tensor = new Tensor("x", new Shape(1, 1, 1, 8));
        using var workspace = new Workspace(Device);
        workspace.Upload<float>(tensor, [1, 2, 3, 4, 5, 6, 7, 8]);
        workspace.Upload<float>(tensor, [30, 40], first: 2);
        Assert.That(workspace.Download<float>(tensor), Is.EqualTo(new float[] { 1, 2, 30, 40, 5, 6, 7, 8 }));
        Assert.That(() => workspace.Upload<float>(tensor, [1, 2, 3], first: 6), Throws.ArgumentException.With.Message.Contains("found 3 from place 6 on"));
        Assert.That(() => workspace.Upload<float>(tensor, [1], first: -1), Throws.ArgumentException.With.Message.Contains("from place -1 on"));
    }

    [Test]
    public void RefusesMoreValuesThanATensorStores()
    {
        using var workspace = new Workspace(Device);
        var tensor = new Tensor("x", Shape.Vector(3));
        Assert.That(() => workspace.Upload<float>(tensor, new float[5]),
            Throws.ArgumentException.With.Message.EqualTo("x [1, 1, 1, 3] stores 4 values; found 5 from place 0 on."));
    }
}

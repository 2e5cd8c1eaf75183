using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Program;

public sealed class GpuProgramTests(OperandPath path) : GpuTest(path)
{
    private const int Count = 1000;

    /// <summary>Every step reads what the one before has written, and the program itself is run several times in one submission.</summary>
    [Test]
    public void EachKernelSeesWhatEarlierOnesWrote()
    {
        Tensor x = Make("x"), y = Make("y");
        using var workspace = new Workspace(Device);
        workspace.Upload<float>(x, Enumerable.Repeat(1f, Count).ToArray());
        using var program = new GpuProgram(workspace, "doubling", [Add(x, x, y), Add(y, y, x), Add(x, y, x)]);
        program.Run(times: 3);
        Assert.That(workspace.Download<float>(x), Is.All.EqualTo(216f), "x becomes 6 x three times");
        program.Run();
        Assert.That(workspace.Download<float>(x), Is.All.EqualTo(1296f));
    }

    /// <summary>A kernel may not overwrite what an earlier one still reads, nor may two kernels write one tensor at a time.</summary>
    [Test]
    public void AWriteWaitsForEarlierReadsAndWrites()
    {
        Tensor a = Make("a"), b = Make("b"), sum = Make("sum");
        using var workspace = new Workspace(Device);
        workspace.Upload<float>(a, Enumerable.Repeat(3f, Count).ToArray());
        workspace.Upload<float>(b, Enumerable.Repeat(5f, Count).ToArray());
        KernelSpec[] kernels = [Add(a, b, sum), Add(b, b, a), Add(a, a, b), Add(b, b, sum), Add(sum, a, sum)];
        using var program = new GpuProgram(workspace, "overwriting", kernels);
        program.Run();
        Assert.That(workspace.Download<float>(a), Is.All.EqualTo(10f));
        Assert.That(workspace.Download<float>(b), Is.All.EqualTo(20f));
        Assert.That(workspace.Download<float>(sum), Is.All.EqualTo(50f));
    }

    [Test]
    public void ProgramsOfOneWorkspaceShareTensorsAndPipelines()
    {
        Tensor x = Make("x"), y = Make("y"), z = Make("z");
        var progress = new List<(int, int)>();
        using var workspace = new Workspace(Device) { PipelineProgress = (done, total) => progress.Add((done, total)) };
        using var first = new GpuProgram(workspace, "first", [Add(x, x, y)]);
        using var second = new GpuProgram(workspace, "second", [Add(y, x, z), Add(z, z, z)]);
        workspace.Upload<float>(x, Enumerable.Repeat(1f, Count).ToArray());
        first.Run();
        second.Run();
        Assert.That(workspace.Download<float>(z), Is.All.EqualTo(6f));
        Assert.That(progress, Is.EqualTo(new[] { (1, 1), (1, 2), (2, 2) }));
    }

    [Test]
    public void AProfileTimesEachKernel()
    {
        Tensor x = Make("x"), y = Make("y");
        using var workspace = new Workspace(Device);
        using var program = new GpuProgram(workspace, "profile", [Add(x, x, y), Add(y, y, x) with { Label = "back" }], profile: true);
        program.Run();
        var times = program.ReadTimes();
        Assert.That(times.Select(t => t.Kernel.Label), Is.EqualTo(new[] { "add", "back" }));
        Assert.That(times.Select(t => t.Seconds), Is.All.InRange(0, 60));
    }

    private static Tensor Make(string name) => new(name, Shape.Vector(Count));

    private static KernelSpec Add(Tensor a, Tensor b, Tensor y) =>
        Kernels.Add(Grid.Elementwise(y.Shape.Count4), a: a, b: b, y: y, count4: y.Shape.Count4);
}

using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Shaders;

public sealed class CodeContextTests(OperandPath path) : GpuTest(path)
{
    private const int Images = 5, Labels = 3;
    private const uint PositionStream = 0x21, DropStream = 0x22;
    private static readonly StepState Step = new(Index: 12, Seed: 77);

    [TestCase(3, 5, 0, 13)]
    [TestCase(3, 5, 1, 127)]
    [TestCase(7, 7, 3, 40)]
    [TestCase(1, 2, 0, 1)]
    public void ContextsPositionsAndTargets(int height, int width, int radius, int batch)
    {
        const float contextDrop = 0.2f, labelDrop = 0.3f;
        var grid = new CodeGrid(height, width, radius);
        uint[] codes = Enumerable.Range(0, Images * grid.Codes).Select(i => (uint)(i * 7 % 91)).ToArray(), labels = [2, 0, 1, 1, 0];
        uint[] rows = Enumerable.Range(0, batch).Select(i => (uint)(i * 3 % Images)).ToArray();
        using var check = new OperatorCheck(Device);
        var context = new CodeContext(check.Words("codes", codes), check.Words("labels", labels), check.Step(Step, rows), batch, grid,
            Labels, contextDrop, labelDrop);
        check.RunKernels([.. context.Forward()]);
        uint[] found = check.ValueWords(context.Context), positions = check.ValueWords(context.Position);
        uint[] foundLabels = check.ValueWords(context.Label), targets = check.ValueWords(context.Target);
        for (int r = 0; r < batch; r++)
        {
            (uint x, uint y, _, _) = Philox.Draw(Step.Seed, (uint)r, Step.Index, PositionStream, 0);
            int position = (int)(((ulong)x * (ulong)grid.Codes) >> 32), first = (int)rows[r] * grid.Codes;
            Assert.That(positions[r], Is.EqualTo(position));
            Assert.That(targets[r], Is.EqualTo(codes[first + position]));
            Assert.That(foundLabels[r], Is.EqualTo(Philox.Uniform(y) > labelDrop ? labels[rows[r]] : Labels));
            for (int slot = 0; slot < grid.Slots; slot++)
            {
                int source = grid.SourceOf(position, slot);
                uint word = Philox.Draw(Step.Seed, (uint)(r * grid.Slots + slot), Step.Index, DropStream, 0).X;
                bool dropped = Philox.Uniform(word) <= contextDrop;
                uint expected = source < 0 || dropped ? CodeContext.Nothing : codes[first + source];
                Assert.That(found[r * grid.Slots + slot], Is.EqualTo(expected), $"row {r}, position {position}, slot {slot}");
            }
        }
    }

    [Test]
    public void AWindowHoldsTheCodesAroundAndBefore([Values(0, 1, 2)] int radius)
    {
        var grid = new CodeGrid(4, 5, radius);
        for (int position = 0; position < grid.Codes; position++)
        {
            int[] expected = Enumerable.Range(0, position)
                .Where(p => radius == 0 || (p / 5 >= position / 5 - radius && Math.Abs(p % 5 - position % 5) <= radius)).ToArray();
            int[] found = Enumerable.Range(0, grid.Slots).Select(s => grid.SourceOf(position, s)).Where(s => s >= 0).ToArray();
            Assert.That(found, Is.EqualTo(expected), $"position {position}");
        }
    }

    [Test]
    public void RefusesWhatCannotBe()
    {
        Assert.That(() => new CodeGrid(1, 1, 0), Throws.ArgumentException.With.Message.Contains("2 to 4096"));
        Assert.That(() => new CodeGrid(4, 4, 4), Throws.ArgumentException.With.Message.Contains("radius 4"));
        Tensor codes = new("codes", Shape.Vector(32)), step = new("step", Shape.Vector(16)), labels = new("labels", Shape.Vector(3));
        Assert.That(() => new CodeContext(codes, null, step, 1, new CodeGrid(3, 3, 1)),
            Throws.ArgumentException.With.Message.Contains("3×3"));
        Assert.That(() => new CodeContext(codes, labels, step, 1, new CodeGrid(4, 4, 1), 2),
            Throws.ArgumentException.With.Message.Contains("3 labels"));
        Assert.That(() => new CodeContext(codes, null, step, 1, new CodeGrid(4, 4, 1), contextDrop: 1),
            Throws.ArgumentException.With.Message.Contains("between 0 and 1"));
    }
}

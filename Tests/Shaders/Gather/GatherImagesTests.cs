using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class GatherImagesTests(OperandPath path) : GpuTest(path)
{
    private const int Images = 7;
    private static readonly StepState Step = new(Index: 3, Seed: 0xFEDC_BA98_7654_3210);

    [TestCase(5, 5, 7, false, false, false)]
    [TestCase(13, 5, 7, true, false, false)]
    [TestCase(13, 13, 7, false, false, true)]
    [TestCase(13, 7, 7, false, true, false)]
    [TestCase(33, 13, 13, true, true, true)]
    [TestCase(3, 127, 127, true, true, true, Description = "a shift tells most of the random word")]
    public void Batch(int n, int h, int w, bool flip, bool turns, bool shift)
    {
        byte[] bytes = TestData.Bytes(Images * h * w * 4, 1);
        uint[] words = Enumerable.Range(0, bytes.Length / 4).Select(i => BitConverter.ToUInt32(bytes, 4 * i)).ToArray();
        uint[] rows = Enumerable.Range(0, n).Select(i => (uint)(i * 5 % Images)).ToArray();
        var augmentation = new Augmentation(flip, turns, shift);
        using var check = new OperatorCheck(Device);
        var gather = new GatherImages(check.Words("images", words), check.Step(Step, rows), n, h, w, augmentation);
        check.RunKernels([.. gather.Forward()]);

        GatherAugmentReference.Augmentation[] drawn = Enumerable.Range(0, n).Select(i => Drawn(augmentation, i, h, w)).ToArray();
        double[] expected = GatherAugmentReference.Forward(bytes, h, w, Array.ConvertAll(rows, r => (int)r), drawn);
        double[] bound = GatherAugmentReference.ForwardBound(expected);
        Compare.Within(check.Value(gather.Output), expected, bound, "batch", new Dims(n, h, w, 4).Locate);
        if (flip || turns || shift)
            Assert.That(drawn.Distinct().Count(), Is.GreaterThan(1), "the seed draws only one augmentation: choose another");
    }

    [Test]
    public void QuarterTurnsNeedSquares()
    {
        Tensor images = new("images", Shape.Vector(4)), step = new("step", Shape.Vector(20));
        Assert.That(() => new GatherImages(images, step, 1, 5, 7, new Augmentation(QuarterTurns: true)),
            Throws.ArgumentException.With.Message.Contains("7×5"));
    }

    /// <summary>
    /// What the shader draws for row n, as the reference has it. The shader's source of pixel p is turn^t(flip^f(p)) + s, the
    /// reference's flip^f(turn^t'(p − s')): equal with t' = −t where flipped, since turn∘flip = flip∘turn⁻¹, and with
    /// s' = −flip^f(turn^−t(s)).
    /// </summary>
    private static GatherAugmentReference.Augmentation Drawn(Augmentation augmentation, int n, int h, int w)
    {
        (uint x, uint y, uint z, uint u) = Philox.Draw(Step.Seed, (uint)n, Step.Index, GpuNormals.Augment, 0);
        bool flip = augmentation.Flip && (x & 1) != 0;
        int turns = augmentation.QuarterTurns ? (int)(y & 3) : 0;
        (int dx, int dy) = augmentation.WrapShift ? ((int)(z % (uint)w), (int)(u % (uint)h)) : (0, 0);
        for (int i = 0; i < turns; i++)
            (dx, dy) = (-dy, dx);
        return new(flip, flip ? (4 - turns) % 4 : turns, flip ? dx : -dx, -dy);
    }
}

using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class VectorQuantizeTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1, 4, 8)]
    [TestCase(3, 5, 7, 12, 13)]
    [TestCase(13, 3, 1, 4, 127)]
    [TestCase(2, 8, 8, 64, 512)]
    public void ForwardAndGradient(int n, int h, int w, int d, int k)
    {
        const float weight = 0.7f;
        var dims = new Dims(n, h, w, d);
        double[] encoded = TestData.Normal(dims.Length, 1), codebook = TestData.Normal(k * d, 2),
            dQuantized = TestData.Uniform(dims.Length, 3);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("z_e", dims, encoded);
        VectorQuantize op = Quantize(check, input, codebook, k, weight);
        check.Run(check.Graph.Add(op), dQuantized);

        int[] codes = check.ValueWords(op.Codes).Select(c => (int)c).ToArray(),
            nearest = VectorQuantizeReference.Nearest(d, encoded, codebook);
        for (int r = 0; r < codes.Length; r++)
        {
            double found = VectorQuantizeReference.SquaredDistance(d, encoded, r, codebook, codes[r]);
            double least = VectorQuantizeReference.SquaredDistance(d, encoded, r, codebook, nearest[r]);
            Assert.That(found, Is.LessThanOrEqualTo(least + VectorQuantizeReference.NearestSlack(d, encoded, r, codebook)),
                $"row {r}: code {codes[r]}, expected {nearest[r]}");
        }

        Assert.That(codes.Zip(nearest, (a, b) => a == b).Count(same => same), Is.GreaterThan(0.99 * codes.Length - 1), "exact choices");
        Compare.Within(check.Value(op.Output), VectorQuantizeReference.Forward(d, codebook, codes), new double[dims.Length], "z_q",
            dims.Locate);
        Compare.Within(check.Value(op.Commitment), VectorQuantizeReference.Commitment(d, h * w, weight, encoded, codebook, codes),
            VectorQuantizeReference.CommitmentBound(d, h * w, weight, encoded, codebook, codes), "commitment", i => $"[n={i}]");
        Compare.Within(check.Gradient(input), VectorQuantizeReference.Backward(n, d, weight, encoded, codebook, codes, dQuantized),
            VectorQuantizeReference.BackwardBound(n, d, weight, encoded, codebook, codes, dQuantized), "dz_e", dims.Locate);
    }

    [Test]
    public void AmongEqualCodesTheLowestIsChosen()
    {
        const int d = 8, k = 70;
        double[] distinct = TestData.Normal(10 * d, 1), codebook = Enumerable.Range(0, 7).SelectMany(_ => distinct).ToArray();
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("z_e", new Dims(2, 5, 5, d), TestData.Normal(50 * d, 2));
        VectorQuantize op = Quantize(check, input, codebook, k, 1);
        check.Run(check.Graph.Add(op), new double[50 * d]);
        Assert.That(check.ValueWords(op.Codes), Is.All.LessThan(10u));
    }

    /// <summary>Of codes that are worth the same, as after a divergence, the first is taken: an index is always in range.</summary>
    [Test]
    public void NotANumberChoosesACodeThatExists()
    {
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("z_e", new Dims(1, 1, 2, 4), [double.NaN, 0, 0, 0, double.PositiveInfinity, 0, 0, 0]);
        VectorQuantize op = Quantize(check, input, TestData.Normal(8 * 4, 1), 8, 1);
        check.RunKernels([.. op.Prepare(), .. op.Forward()]);
        Assert.That(check.ValueWords(op.Codes), Is.All.LessThan(8u));
    }

    [TestCase(7, 8)]
    [TestCase(4097, 8)]
    public void RefusesACodebookOfAnotherSize(int codes, int d) => Assert.That(
        () => new Codebook("codebook", codes, d), Throws.ArgumentException.With.Message.Contains($"8 to 4096 codes; found {codes}"));

    [Test]
    public void RefusesWhatCannotBe()
    {
        Assert.That(() => new Codebook("codebook", 8, 6), Throws.ArgumentException.With.Message.Contains("multiple of 4; found 6"));
        Assert.That(() => new Codebook("codebook", 8, 4, new CodebookOptions(Decay: 1)),
            Throws.ArgumentException.With.Message.Contains("decay"));
        var encoded = new Tensor("z_e", new Shape(2, 3, 3, 12));
        Assert.That(() => new VectorQuantize("z_q", encoded, new Codebook("codebook", 8, 8)),
            Throws.ArgumentException.With.Message.Contains("8 dimensions").And.Message.Contains("z_e [2, 3, 3, 12]"));
        Assert.That(() => new VectorQuantize("z_q", encoded, new Codebook("codebook", 8, 12), -1),
            Throws.ArgumentException.With.Message.Contains("at least 0"));
    }

    private static VectorQuantize Quantize(OperatorCheck check, Tensor input, double[] codebook, int k, float weight)
    {
        int d = input.Shape.C;
        var book = new Codebook("codebook", k, d);
        check.Upload(book.Values, [.. codebook, .. new double[(Shape.RoundUp4(k) - k) * d]]);
        return new VectorQuantize("z_q", input, book, weight);
    }
}

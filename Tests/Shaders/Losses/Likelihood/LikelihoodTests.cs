using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;
using static VaeProcgen.Tests.Support.Reference.LikelihoodReference;

namespace VaeProcgen.Tests.Shaders;

public sealed class LikelihoodTests(OperandPath path) : GpuTest(path)
{
    private static readonly Dims Small = new(3, 5, 7, 3);

    [Test]
    public void ForwardAndGradient(
        [Values(LikelihoodKind.Gaussian, LikelihoodKind.Laplace)] LikelihoodKind kind,
        [Values] LikelihoodLink link,
        [Values(null, 0.25f)] float? scale) =>
        Check(Small, new LikelihoodOptions(kind, link, scale));

    [Test]
    public void BernoulliForwardAndGradient() => Check(Small, new LikelihoodOptions(LikelihoodKind.Bernoulli));

    [TestCase(1, 1, 1, 1, LikelihoodKind.Laplace)]
    [TestCase(5, 13, 7, 4, LikelihoodKind.Gaussian)]
    [TestCase(3, 32, 16, 4, LikelihoodKind.Bernoulli, Description = "several workgroups")]
    [TestCase(1, 260, 256, 4, LikelihoodKind.Laplace, Description = "more partial sums than a workgroup adds at once")]
    public void Sizes(int n, int h, int w, int c, LikelihoodKind kind) => Check(new Dims(n, h, w, c), new LikelihoodOptions(kind));

    [Test]
    public void LogitsThatSaturateTheSigmoid(
        [Values(LikelihoodKind.Gaussian, LikelihoodKind.Laplace, LikelihoodKind.Bernoulli)] LikelihoodKind kind)
    {
        double[] logits = [-100, -90, -30, -17, 17, 30, 90, 100];
        Check(new Dims(2, 1, 1, 4), new LikelihoodOptions(kind, FixedScale: 0.5f), logits, [0, 1, 0, 1, 0, 1, 0, 1]);
    }

    /// <summary>The optimal scale of a perfect reconstruction is its floor, not 0.</summary>
    [Test]
    public void PerfectBatch([Values(LikelihoodKind.Gaussian, LikelihoodKind.Laplace)] LikelihoodKind kind)
    {
        double[] values = TestData.Uniform(Small.Length, 1, 0, 1);
        float[] gradient = Check(Small, new LikelihoodOptions(kind, LikelihoodLink.Identity), values, values);
        Assert.That(gradient, Is.All.EqualTo(0f));
    }

    [Test]
    public void RefusesWhatCannotBe()
    {
        var logits = new Tensor("logits", new Shape(2, 3, 3, 4));
        var other = new Tensor("images", new Shape(2, 3, 3, 3));
        Assert.That(() => new Likelihood("loss", logits, other, new LikelihoodOptions(LikelihoodKind.Gaussian)),
            Throws.ArgumentException.With.Message.Contains("[2, 3, 3, 4]").And.Message.Contains("[2, 3, 3, 3]"));
        Assert.That(() => new Likelihood("loss", logits, logits, new LikelihoodOptions(LikelihoodKind.Bernoulli, LikelihoodLink.Identity)),
            Throws.ArgumentException.With.Message.Contains("sigmoid"));
        Assert.That(() => new Likelihood("loss", logits, logits, new LikelihoodOptions(LikelihoodKind.Gaussian, FixedScale: 0)),
            Throws.ArgumentException.With.Message.Contains("above 0"));
    }

    /// <summary>Three rows score each image.</summary>
    [TestCase(LikelihoodKind.Gaussian)]
    [TestCase(LikelihoodKind.Laplace)]
    [TestCase(LikelihoodKind.Bernoulli)]
    public void SeveralSamplesOfAnImage(LikelihoodKind kind)
    {
        double[] images = TestData.Uniform(2 * 5 * 7 * 3, 2, 0, 1);
        var dims = new Dims(6, 5, 7, 3);
        Check(dims, new LikelihoodOptions(kind), TestData.Uniform(dims.Length, 1, -4, 4), images, samples: 3);
    }

    [Test]
    public void LearnedScale([Values(LikelihoodKind.Gaussian, LikelihoodKind.Laplace)] LikelihoodKind kind)
    {
        const float logScale = -1.5f;
        double[] logits = TestData.Uniform(Small.Length, 1, -4, 4), targets = TestData.Uniform(Small.Length, 2, 0, 1), dNll = TestData.Uniform(Small.N, 3);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("logits", Small, logits);
        var op = new Likelihood("loss", input, check.Constant("images", Small, targets), new LikelihoodOptions(kind, LearnedScale: true), parameters: check.Parameters);
        check.Run(check.Graph.Add(op), dNll, [logScale]);

        var settings = new Settings((Distribution)kind, Link.Sigmoid, Math.Exp(logScale));
        Compare.Within(check.Gradient(op.LogScale!), [ScaleGradient(settings, Small.N, logits, targets, dNll)],
            [ScaleGradientBound(settings, Small.N, logits, targets, dNll)], "dLogScale", _ => "");
        // exp of the logarithm is not the scale to the bit: twice its error, and what a fixed scale has.
        double scaleError = 4 * ErrorBound.Exp(logScale) / Math.Exp(logScale);
        double[] bound = RowBounds(settings, Small.N, logits, targets), rows = Rows(settings, Small.N, logits, targets);
        Compare.Within(check.Value(op.Output), rows, bound.Zip(rows, (b, v) => b + (scaleError * (Math.Abs(v) + (3 * Small.Length)))).ToArray(), "-log p", i => $"row {i}");
        double[] gradient = Weighted(Backward(settings, 1, logits, targets), dNll);
        double[] gradientBound = Weighted(BackwardBound(settings, 1, logits, targets), dNll).Select(Math.Abs).ToArray();
        Compare.Within(check.Gradient(input), gradient, gradientBound.Zip(gradient, (b, g) => b + (scaleError * Math.Abs(g))).ToArray(), "dLogits", Small.Locate);
    }

    [TestCase(0.02f)]
    [TestCase(0.3f)]
    public void DiscretizedLogistic(float scale)
    {
        // Targets of 8 bits, both ends among them.
        double[] logits = TestData.Uniform(Small.Length, 1, -4, 4), dNll = TestData.Uniform(Small.N, 3);
        double[] targets = TestData.Uniform(Small.Length, 2, -0.1, 1.1).Select(x => (double)(float)(Math.Round(Math.Clamp(x, 0, 1) * 255) / 255)).ToArray();
        float logScale = MathF.Log(scale);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("logits", Small, logits);
        var op = new Likelihood("loss", input, check.Constant("images", Small, targets), new LikelihoodOptions(LikelihoodKind.DiscretizedLogistic, LearnedScale: true), parameters: check.Parameters);
        check.Run(check.Graph.Add(op), dNll, [logScale]);

        int each = Small.Length / Small.N;
        Rounded[] nll = logits.Select((l, i) => -DiscretizedLogisticReference.LogProbability(targets[i], l, logScale)).ToArray();
        (Rounded DLogit, Rounded DLogScale)[] derivatives = logits.Select((l, i) => DiscretizedLogisticReference.Derivative(targets[i], l, logScale)).ToArray();
        Compare.Within(check.Value(op.Output), nll.Chunk(each).Select(row => Rounded.Sum(row)).ToArray(), "-log p", i => $"row {i}");
        Compare.Within(check.Gradient(input), derivatives.Select((d, i) => -d.DLogit * dNll[i / each]).ToArray(), "dLogits", Small.Locate);
        Rounded dLogScale = Rounded.Sum(derivatives.Select((d, i) => -d.DLogScale * dNll[i / each]).ToArray());
        Compare.Within(check.Gradient(op.LogScale!), [dLogScale], "dLogScale", _ => "");
    }

    /// <summary>At its floor the scale does not move.</summary>
    [Test]
    public void ALearnedScaleBelowTheFloorHasNoGradient()
    {
        using var check = new OperatorCheck(Device);
        double[] logits = TestData.Uniform(Small.Length, 1, -4, 4);
        var op = new Likelihood("loss", check.Input("logits", Small, logits), check.Constant("images", Small, TestData.Uniform(Small.Length, 2, 0, 1)),
            new LikelihoodOptions(LikelihoodKind.Gaussian, LearnedScale: true), parameters: check.Parameters);
        check.Run(check.Graph.Add(op), TestData.Uniform(Small.N, 3), [-8]);
        Assert.That(check.Gradient(op.LogScale!), Is.EqualTo(new float[1]));
    }

    private void Check(Dims dims, LikelihoodOptions options)
    {
        (double low, double high) = options.Link == LikelihoodLink.Sigmoid ? (-4, 4) : (0, 1);
        Check(dims, options, TestData.Uniform(dims.Length, 1, low, high), TestData.Uniform(dims.Length, 2, 0, 1));
    }

    private float[] Check(Dims dims, LikelihoodOptions options, double[] logits, double[] images, int samples = 1)
    {
        int each = dims.Length / dims.N;
        double[] dNll = TestData.Uniform(dims.N, 3);
        double[] targets = Enumerable.Range(0, dims.Length).Select(i => images[(i / each / samples * each) + (i % each)]).ToArray();
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("logits", dims, logits);
        var op = new Likelihood("loss", input, check.Constant("images", dims with { N = dims.N / samples }, images), options);
        if (options.HasOptimalScale())
            Array.Fill(dNll, 0.75); // The optimum's own gradient cancels only where all rows weigh the same.
        check.Run(check.Graph.Add(op), dNll);

        var settings = new Settings((Distribution)options.Kind, (Link)options.Link, options.FixedScale, 1e-3f);
        CheckSums(check.Value(op.Totals), settings, logits, targets);
        Compare.Within(check.Value(op.Output), Rows(settings, dims.N, logits, targets), RowBounds(settings, dims.N, logits, targets), "-log p", i => $"row {i}");
        float[] gradient = check.Gradient(input);
        double[] bound = Weighted(BackwardBound(settings, 1, logits, targets), dNll).Select(Math.Abs).ToArray();
        Compare.Within(gradient, Weighted(Backward(settings, 1, logits, targets), dNll), bound, "dLogits", dims.Locate);
        return gradient;
    }

    // The gradient of a sum over images, times the weight of each image.
    private static double[] Weighted(double[] gradient, double[] dNll) =>
        gradient.Select((g, i) => g * dNll[i / (gradient.Length / dNll.Length)]).ToArray();

    private static void CheckSums(float[] sums, Settings settings, double[] logits, double[] targets)
    {
        bool sigmoid = settings.Link == Link.Sigmoid;
        double[] mean = sigmoid ? ActivationReference.Forward(ActivationReference.Kind.Sigmoid, logits) : logits;
        double[] meanError = sigmoid
            ? ActivationReference.ForwardBound(ActivationReference.Kind.Sigmoid, logits)
            : new double[logits.Length];
        double[] d = targets.Zip(mean, (x, m) => Math.Abs(x - m)).ToArray();
        double[] error = d.Zip(meanError, (v, e) => e + ErrorBound.UnitRoundoff * v).ToArray();
        double absolute = d.Sum(), square = d.Sum(v => v * v);
        Compare.Within(sums[..2], [absolute, square],
            [
                ErrorBound.SecondOrder * (error.Sum() + ErrorBound.Sum(d.Length, absolute)),
                ErrorBound.SecondOrder * (d.Zip(error, (v, e) => 2 * v * e + e * e).Sum() + ErrorBound.Sum(d.Length + 1, square)),
            ], "sums", i => i == 0 ? "the sum of |d|" : "the sum of d²");
        Assert.That(sums[3], Is.Zero);
        if (settings.Distribution != Distribution.Bernoulli)
            Assert.That(sums[2], Is.Zero);
    }
}

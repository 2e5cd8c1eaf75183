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
    public void LogitsThatSaturateTheSigmoid([Values] LikelihoodKind kind)
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

    private void Check(Dims dims, LikelihoodOptions options)
    {
        (double low, double high) = options.Link == LikelihoodLink.Sigmoid ? (-4, 4) : (0, 1);
        Check(dims, options, TestData.Uniform(dims.Length, 1, low, high), TestData.Uniform(dims.Length, 2, 0, 1));
    }

    private float[] Check(Dims dims, LikelihoodOptions options, double[] logits, double[] targets)
    {
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("logits", dims, logits);
        Tensor output = check.Graph.Add(new Likelihood("loss", input, check.Constant("images", dims, targets), options));
        check.Run(output, dOutput: null);

        var settings = new Settings((Distribution)options.Kind, (Link)options.Link, options.FixedScale, 1e-3f);
        float[] sums = check.Value(output);
        CheckSums(sums, settings, logits, targets);
        double nll = options.NegativeLogLikelihood(sums[0], sums[1], sums[2], dims.Length) / dims.N;
        double nllBound = ForwardBound(settings, dims.N, logits, targets) + ErrorBound.UnitRoundoff * Math.Abs(nll);
        Compare.Within([(float)nll], [Forward(settings, dims.N, logits, targets)], [nllBound], "-log p", _ => "the mean over the batch");
        float[] gradient = check.Gradient(input);
        double[] bound = BackwardBound(settings, dims.N, logits, targets);
        Compare.Within(gradient, Backward(settings, dims.N, logits, targets), bound, "dLogits", dims.Locate);
        return gradient;
    }

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

using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class ScoreFunctionTests(OperandPath path) : GpuTest(path)
{
    [Test]
    public void FiguresAndGradient([Values] ScoreBaseline baseline, [Values(1, 3, 127)] int n, [Values(1, 5)] int samples)
    {
        const int latent = 12;
        int rows = n * samples;
        double[] head = PosteriorHead.Make(n, latent, 1), z = TestData.Normal(rows * latent, 2), nll = TestData.Uniform(rows, 3, 500, 560);
        Dims rowDims = new(rows, 1, 1, 1), headDims = new(n, 1, 1, 2 * latent);
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("head", headDims, head), nllInput = check.Input("nll", rowDims, nll);
        Tensor zInput = check.Input("z", rowDims with { C = latent }, z);
        var op = new ScoreFunction("score", nllInput, input, zInput, samples, baseline);
        check.Run(check.Graph.Add(op), dOutput: null);

        (Rounded[] advantages, Rounded[] figures) = ScoreFunctionReference.Forward(samples, nll, baseline == ScoreBaseline.LeaveOneOut);
        
        // Where b is 0, so are both figures: bounds to hold, but with nothing to be small beside.
        Compare.Within(check.Value(op.Output), Rounded.Values(figures), Rounded.Errors(figures), "figures", i => $"[{i}]");
        Compare.Within(check.Value(op.Advantages), advantages, "advantages", rowDims.Locate);
        Compare.Within(check.Gradient(input), ScoreFunctionReference.Backward(latent, z, head, advantages), "dhead", headDims.Locate);
        Assert.That(() => check.Gradient(nllInput), Throws.InvalidOperationException, "nll is read as numbers");
        Assert.That(() => check.Gradient(zInput), Throws.InvalidOperationException, "z is read as numbers");
    }

    /// <summary>Rows of one number leave nothing to learn from.</summary>
    [Test]
    public void EqualRowsGiveNoGradient()
    {
        using var check = new OperatorCheck(Device);
        Tensor head = check.Input("head", new Dims(2, 1, 1, 8), TestData.Uniform(16, 1));
        Tensor z = check.Input("z", new Dims(6, 1, 1, 4), TestData.Normal(24, 2));
        Tensor nll = check.Input("nll", new Dims(6, 1, 1, 1), [64, 64, 64, 64, 64, 64]);
        Tensor output = check.Graph.Add(new ScoreFunction("score", nll, head, z, 3));
        check.Run(output, dOutput: null);
        Assert.That(check.Gradient(head), Is.All.Zero);
        Assert.That(check.Value(output), Is.EqualTo(new[] { 0f, 64, 0, 0 }).Within(1e-4f));
    }

    [Test]
    public void RefusesWhatCannotBe()
    {
        Tensor nll = new("nll", Shape.Matrix(6, 1)), head = new("head", Shape.Matrix(3, 16)), z = new("z", Shape.Matrix(6, 8));
        Assert.That(() => new ScoreFunction("score", nll, head, z, 3),
            Throws.ArgumentException.With.Message.Contains("3 rows for each of the 3 images"));
        Assert.That(() => new ScoreFunction("score", nll, head, head, 2), Throws.ArgumentException.With.Message.Contains("[6, 1, 1, 8]"));
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Vulkan;
using TinyModel = VaeProcgen.Tests.Making.TinyModel;

namespace VaeProcgen.Tests.Evaluation;

public sealed class BinarizationTests : VulkanTest
{
    private const int Each = 7;

    private static float[] Binarized(ulong seed, params float[] values)
    {
        Binarization.Apply(seed, values, Each);
        return values;
    }

    /// <summary>n values of variance p (1 − p): five standard errors.</summary>
    [TestCase(0.03f)]
    [TestCase(0.5f)]
    [TestCase(0.9f)]
    public void AValueIsItsProbability(float p)
    {
        const int count = 3000 * Each;
        float[] drawn = Binarized(3, [.. Enumerable.Repeat(p, count)]);
        Assert.That(drawn, Is.All.AnyOf(0f, 1f));
        Assert.That(drawn.Average(), Is.EqualTo(p).Within(5 * Math.Sqrt(p * (1 - p) / count)));
    }

    [Test]
    public void ZeroAndOneStay()
    {
        float[] values = [.. Enumerable.Range(0, 900 * Each).Select(i => (float)(i % 2))];
        Assert.That(Binarized(1, [.. values]), Is.EqualTo(values));
    }

    [Test]
    public void DrawsDependOnSeedImageAndPlace()
    {
        float[] half = [.. Enumerable.Repeat(0.5f, 60 * Each)], drawn = Binarized(1, [.. half]);
        Assert.That(Binarized(1, [.. half]), Is.EqualTo(drawn));
        Assert.That(Binarized(1, [.. half.Take(9 * Each)]), Is.EqualTo(drawn.Take(9 * Each)), "further images change nothing");
        Assert.That(Binarized(2, [.. half]), Is.Not.EqualTo(drawn));
        Assert.That(drawn.Chunk(Each).Select(c => string.Concat(c)).Distinct().Count(), Is.GreaterThan(30));
        uint word = Philox.Draw(1, 1, 5, 0x410, 0).Y;
        Assert.That(drawn[(5 * Each) + 5], Is.EqualTo(Philox.Uniform(word) <= 0.5f ? 1 : 0), "value 5 of image 5");
    }

    /// <summary>Opaque grey noise: p(x|z) of zeros and ones, and not of the greys.</summary>
    [Test]
    public void AModelOfBinarizedImagesIsScoredOnSuch()
    {
        VaeArchitecture architecture = new(NetworkKind.Mlp, 8, 8, 4, [8], new LikelihoodOptions(LikelihoodKind.Bernoulli)) { Pixels = PixelFormat.Grey };
        using var runner = new VaeRunner(Device, architecture);
        var weights = runner.Parameters.ToDictionary(p => p.Name, p => new WeightTensor(p.LogicalShape, Models.TinyModel.Draw(p)));
        TrainingOptions options = new() { Steps = 1, Binarize = true, Likelihood = architecture.Likelihood };
        var set = TinyModel.Images(6);
        EvaluationReport Score(VaeModel model)
        {
            using var session = new ModelSession(Device, model);
            return ModelEvaluation.Run(session, set, EvaluatedPart.All, model.Prior(), 1, 9, new ImportanceSampling(3)).Report;
        }

        EvaluationReport plain = Score(new VaeModel(architecture, weights));
        var binarizing = new VaeModel(architecture, weights) { Provenance = new Dictionary<string, string> { ["options"] = options.ToJson() } };
        EvaluationReport report = Score(binarizing);
        runner.LoadWeights(binarizing.WeightsOf);
        ScoredImages images = ScoredImages.Of(runner, set, 9);
        Assert.That(images.Parts().Single().Values, Is.EqualTo(Binarized(9, architecture.Values, new ModelInputs(architecture, set).All())));
        ElboReport expected = ElboEvaluator.Evaluate(architecture.Likelihood, z => runner.Decode(z), images, null, 9);
        Assert.That(report.Elbo.Elbo, Is.EqualTo(expected.Elbo));
        Assert.That(ElboEvaluator.Evaluate(runner, set, null, 9, binarized: true).Elbo, Is.EqualTo(expected.Elbo));
        Assert.That(report.ImportanceWeighted!.FirstDraw.Value, Is.Not.EqualTo(plain.ImportanceWeighted!.FirstDraw.Value));
        Assert.That(Binarization.IsOf(binarizing) && !Binarization.IsOf(new VaeModel(architecture, weights)));
    }

    private static float[] Binarized(ulong seed, int each, float[] values)
    {
        Binarization.Apply(seed, values, each);
        return values;
    }
}

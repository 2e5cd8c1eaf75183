using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Tests.Making;
using VaeProcgen.Tests.Vulkan;

namespace VaeProcgen.Tests.Evaluation;

public class ModelEvaluationTests : VulkanTest
{
    private ModelEvaluation Evaluate(ArtSet set, EvaluatedPart part, params string[] assets)
    {
        using var session = new ModelSession(Device, TinyModel.Create(Device, assets));
        return ModelEvaluation.Run(session, set, part, session.Model.Prior(), 5, 1);
    }

    [Test]
    public void ScoresTheDivisionThatTrainingMade()
    {
        ArtSet set = TinyModel.Images(20);
        ArtSplit split = set.Split(0.3, 0);
        int Scored(EvaluatedPart part) => Evaluate(set, part).Report.Elbo.Images;
        Assert.That(
            (Scored(EvaluatedPart.All), Scored(EvaluatedPart.Train), Scored(EvaluatedPart.HeldOut)),
            Is.EqualTo((20, split.Train.Images.Count, split.HeldOut.Images.Count)));
    }

    [Test]
    public void NeighboursAreImagesThatItWasTrainedOn()
    {
        ArtSet set = TinyModel.Images(6);
        ModelEvaluation evaluation = Evaluate(set, EvaluatedPart.All, "03.png", "gone.png");
        Assert.That(evaluation.Samples, Has.Count.EqualTo(5));
        Assert.That(evaluation.Nearest.Select(i => i.Rgba), Is.All.EqualTo(set.Images[3].Rgba));
        double[] distances = evaluation.Samples.Select(s => NearestImages.Distance(s, set.Image(3))).ToArray();
        Assert.That(evaluation.Report.SampleToTraining, Is.EqualTo(Distances.Of(distances)));
        var ofAll = Evaluate(set, EvaluatedPart.All).Nearest.Select(i => i.Rgba);
        var sixDistances = evaluation.Samples.Select(s => Enumerable.Range(0, 6).Min(i => NearestImages.Distance(s, set.Image(i))));
        Assert.That(ofAll.Zip(evaluation.Samples, (near, s) => NearestImages.Distance(new PixelImage(8, 8, near), s)),
            Is.EqualTo(sixDistances), "trained on others: all count");
    }

    [Test]
    public void ReconstructionsAreMeasuredAgainstTheirOriginals()
    {
        ArtSet set = TinyModel.Images(4);
        using var session = new ModelSession(Device, TinyModel.Create(Device));
        double[] own = session.Reconstruct(ArtSource.ImagesOf(set)).Select((r, i) => NearestImages.Distance(r, set.Image(i))).ToArray();
        Assert.That(Evaluate(set, EvaluatedPart.All).Report.ReconstructionToOriginal, Is.EqualTo(Distances.Of(own)));
    }

    [Test]
    public void IsReproducibleAndReadableByMachines()
    {
        ArtSet set = TinyModel.Images(4);
        string json = Evaluate(set, EvaluatedPart.HeldOut).Report.ToJson();
        Assert.That(Evaluate(set, EvaluatedPart.HeldOut).Report.ToJson(), Is.EqualTo(json));
        JsonElement root = JsonDocument.Parse(json).RootElement;
        Assert.That(root.GetProperty("part").GetString(), Is.EqualTo("heldOut"));
        Assert.That(root.GetProperty("elbo").GetProperty("klPerDimension").GetArrayLength(), Is.EqualTo(TinyModel.LatentSize));
        Assert.That(root.GetProperty("sampleToTraining").GetProperty("median").GetDouble(), Is.Positive);
        JsonElement correlation = root.GetProperty("klParts").GetProperty("totalCorrelation").GetProperty("value");
        Assert.That(correlation.ValueKind, Is.EqualTo(JsonValueKind.Number));
        Assert.That(root.GetProperty("importanceWeighted").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void FiguresOfTheSameDrawsAgree()
    {
        ArtSet set = TinyModel.Images(9);
        using var session = new ModelSession(Device, TinyModel.Create(Device));
        EvaluationReport Run(int samples, int? images = null) => ModelEvaluation.Run(
            session, set, EvaluatedPart.All, session.Model.Prior(), 1, 3, new ImportanceSampling(samples, images)).Report;
        Assert.That(Run(0).ImportanceWeighted, Is.Null);
        EvaluationReport one = Run(1), many = Run(70), some = Run(70, 4);
        ScoredImages images = ScoredImages.Of(session.Runner, set);
        var likelihood = new ImageLikelihood(TinyModel.Architecture.Likelihood, one.Elbo.Scale);
        double[] sampled = ElboEvaluator.Sampled(likelihood, z => session.Runner.Decode(z), images, 3);
        Assert.That(one.ImportanceWeighted!.Bound, Is.EqualTo(Estimate.OfMean(sampled)), "to the bit");
        Assert.That(many.ImportanceWeighted!.FirstDraw, Is.EqualTo(one.ImportanceWeighted.Bound));
        Assert.That(many.ImportanceWeighted.Bound.Value, Is.GreaterThan(one.ImportanceWeighted.Bound.Value));
        Assert.That(some.ImportanceWeighted!.Images, Is.EqualTo(4));
        double difference = -one.Elbo.Reconstruction - one.KlParts!.Kl.Value;
        Assert.That(one.ImportanceWeighted.Bound.Value, Is.EqualTo(difference).Within(1e-9 * Math.Abs(difference)));
        Assert.That(one.KlParts!.Images, Is.EqualTo(9));
        Assert.That(one.SlicedWasserstein!.Images, Is.EqualTo(4));
        Assert.That(one.Ssim, Is.EqualTo(Estimate.OfMean(StructuralSimilarity.OfEach(images.Parts().Single().Values, images.Parts().Single().Reconstructions, 8, 8))));
    }

    [Test]
    public void ACollapsedModelIsNamed()
    {
        ArtSet set = TinyModel.Images(5);
        string? Warning(float factor, string steps)
        {
            VaeModel model = TinyModel.Create(Device);
            var provenance = new Dictionary<string, string>(model.Provenance) { ["steps"] = steps };
            var weights = model.Weights.ToDictionary(
                w => w.Key, w => new WeightTensor(w.Value.Shape, [.. w.Value.Values.Select(v => v * factor)]));
            using var session = new ModelSession(Device, new VaeModel(model.Architecture, weights) { Provenance = provenance });
            return ModelEvaluation.Run(session, set, EvaluatedPart.All, session.Model.Prior(), 1, 0).Report.Warning;
        }

        Assert.That(Warning(0, "300"), Does.Contain("0 of 4 latent units are active"));
        Assert.That(Warning(0, "299"), Is.Null, "the KL was still warming up");
        Assert.That(Warning(4, "300"), Is.Null);
    }

    [Test]
    public void WithoutProvenanceOnlyAllCanBeScored()
    {
        VaeModel bare = new(TinyModel.Architecture, TinyModel.Create(Device).Weights);
        using var session = new ModelSession(Device, bare);
        Assert.That(() => ModelEvaluation.Run(session, TinyModel.Images(4), EvaluatedPart.HeldOut, bare.Prior(), 1, 0),
            Throws.ArgumentException.With.Message.Contains("Evaluate all images"));
    }

    [TestCase(new[] { 3.0, 1, 2 }, 2, 2)]
    [TestCase(new[] { 4.0, 1, 1, 2 }, 2, 1.5)]
    [TestCase(new[] { 7.0 }, 7, 7)]
    public void MeanAndMedian(double[] values, double mean, double median) =>
        Assert.That(Distances.Of(values), Is.EqualTo(new Distances(mean, median)));
}

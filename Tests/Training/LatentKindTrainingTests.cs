using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Training;

/// <summary>Latents that are not one layer of Gaussians, from images to a model that is sampled and measured.</summary>
public sealed class LatentKindTrainingTests : TrainingTest
{
    private static readonly TrainingOptions Points = Tiny with { Latent = LatentKind.Point, Objective = "reconstruction" };

    private static readonly TrainingOptions Classes = Tiny with { Latent = LatentKind.Categorical, LatentSize = 12, Classes = 3 };

    private static readonly TrainingOptions TwoLayers = Tiny with { TopLatentSize = 4, Objective = "sampled-elbo" };

    private static readonly TrainingOptions WeighedTwoLayers = TwoLayers with
    {
        Objective = "iwae", Samples = 2, Likelihood = new(LikelihoodKind.Laplace, FixedScale: 0.25f),
    };

    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return new TestCaseData(Points, new[] { "flow", "mixture" }, (int?)null).SetArgDisplayNames("points");
        yield return new TestCaseData(Classes, new[] { "categorical" }, (int?)4).SetArgDisplayNames("classes");
        yield return new TestCaseData(TwoLayers, new[] { "two-layer", "flow", "mixture" }, (int?)8).SetArgDisplayNames("two layers");
        yield return new TestCaseData(WeighedTwoLayers, new[] { "two-layer", "flow", "mixture" }, (int?)8)
            .SetArgDisplayNames("two layers, weighed");
    }

    [TestCaseSource(nameof(Kinds))]
    public void LeavesAModelThatSamplesAndIsMeasured(TrainingOptions options, string[] priors, int? units)
    {
        ArtSet images = Discs();
        Train(options, images);
        VaeModel model = VaeModel.Load(OutPath);
        Assert.That(model.Priors.Select(p => p.Kind), Is.EqualTo(priors), "best first, and N(0, I) only where it was trained against");
        JsonElement heldOut = Stats("heldout")[^1];
        Assert.That(heldOut.TryGetProperty("kl", out _), Is.EqualTo(units != null));
        Assert.That(Stats("training")[^1].TryGetProperty("kl", out _), Is.EqualTo(units != null));
        Assert.That(heldOut.TryGetProperty("activeUnits", out _), Is.EqualTo(units != null));
        if (units != null)
        {
            Assert.That(heldOut.GetProperty("units").GetInt32(), Is.EqualTo(units));
            Assert.That(heldOut.GetProperty("klPerDimension").GetArrayLength(), Is.EqualTo(units));
        }


        Assert.That(Directory.GetFiles(RunPath, "preview-*.png"), Has.Length.EqualTo(12));

        using var session = new ModelSession(Device, model);
        foreach (ILatentPrior prior in model.Priors)
        {
            float[] z = prior.SampleMany(1, 0, 3, 1);
            Assert.That(z, Has.Length.EqualTo(3 * options.LatentSize));
            Assert.That(z, Is.All.InRange(-1e4f, 1e4f), prior.Kind);
            Assert.That(session.Sample(prior, 1, 3), Has.Count.EqualTo(3));
        }

        EvaluationReport report = ModelEvaluation.Run(
            session, images, EvaluatedPart.HeldOut, model.Prior(), 4, 1, new ImportanceSampling(units == null ? 0 : 3)).Report;
        Assert.That(double.IsFinite(report.Elbo.Reconstruction));
        Assert.That((report.Elbo.Elbo != null, report.Elbo.KlPerDimension?.Length), Is.EqualTo((units != null, units)));
        Assert.That(report.KlParts != null, Is.EqualTo(options.Latent == LatentKind.Categorical));
        Assert.That(report.ToJson(), Does.Not.Contain("NaN\""));
        if (report.ImportanceWeighted is { } bound)
            Assert.That(bound.Bound.Value, Is.GreaterThanOrEqualTo(bound.FirstDraw.Value - (5 * bound.FirstDraw.StandardError)));
        IReadOnlyList<ImageElbo> each = ImageElbo.Score(session.Runner, images, model.Scale, 2, 1);
        Assert.That(each.Select(e => e.Elbo == null), Is.All.EqualTo(units == null));
        Assert.That(ModelDescription.Of(model), Does.Contain(priors[0]));
    }

    [TestCaseSource(nameof(Kinds))]
    public void ResumesToTheVeryBytes(TrainingOptions options, string[] priors, int? units)
    {
        byte[] expected = UndisturbedModel(options, Discs());
        TrainAndCancel(p => p.Phase == "training" && p.Step == 5, options);
        Train(options, resume: true);
        AssertModelIs(expected);
    }

    /// <summary>By hand from the logits: the KL, and the likeliest classes.</summary>
    [Test]
    public void TheFiguresOfClassesAreThoseOfTheLogits()
    {
        ArtSet images = Discs();
        Train(Classes, images);
        using var session = new ModelSession(Device, VaeModel.Load(OutPath));
        float[] x = new ModelInputs(session.Model.Architecture, images).All();
        float[] logits = session.Runner.EncodeHead(x), hot = session.Runner.Encode(x).Mean;
        double kl = 0;
        foreach ((float[] variable, float[] chosen) in logits.Chunk(3).Zip(hot.Chunk(3)))
        {
            double[] p = [.. variable.Select(l => Math.Exp(l) / variable.Sum(v => Math.Exp(v)))];
            kl += p.Sum(q => q * Math.Log(3 * q)) / ImageCount;
            Assert.That(chosen, Is.EquivalentTo(new float[] { 1, 0, 0 }));
            Assert.That(variable[Array.IndexOf(chosen, 1)], Is.EqualTo(variable.Max()));
        }

        Assert.That(ElboEvaluator.Evaluate(session.Runner, images, 0.25, 1).Kl, Is.EqualTo(kl).Within(1e-5 * kl));
        AssetLatent asset = session.Model.Assets[0];
        int place = images.Images.Select(i => i.Name).ToList().IndexOf(asset.Name);
        Assert.That(asset.Mean, Is.EqualTo(hot[(12 * place)..(12 * (place + 1))]));
        var prior = (CategoricalPrior)session.Model.Prior();
        Assert.That(prior.Probabilities.ToArray().Chunk(3).Select(p => p.Sum()), Is.All.EqualTo(1f).Within(1e-5f));
    }

    [Test]
    public void TheTemperatureOfEachStepIsInItsWords()
    {
        TrainingOptions options = Classes with { Temperature = new() { Start = 3, End = 0.25, Share = 0.5 } };
        ArtSet images = Discs();
        using var workspace = new Workspace(Device);
        var graph = new VaeTrainingGraph(VaeTraining.ArchitectureFor(options, images), options, ImageCount, mostSteps: 2);
        using var training = new RecordedTraining(
            workspace, "step", graph.Parameters, graph.AdamW, graph.Table, new BatchSampler(ImageCount, options.Batch, 1),
            graph.StepKernels());
        graph.Upload(workspace, images);
        training.Initialize(1);
        var schedule = new Schedule(8, 1, 1e-3, 1, 0.9, graph.Optimizer) { Temperature = options.Temperature };
        for (int step = 1; step <= 8; step++)
        {
            training.Run(1, schedule, []);
            float found = BitConverter.UInt32BitsToSingle(workspace.Download<uint>(graph.Table.Step)[11]);
            Assert.That(found, Is.EqualTo((float)options.Temperature.At(step - 1, 8)));
        }

        Assert.That(options.Temperature.At(7, 8), Is.EqualTo(0.25));
        Assert.That(Train(options).Hash, Is.Not.EqualTo(Train(Classes).Hash), "the training takes it from its options");
    }

    [Test]
    public void ACollapseIsToldOnceAndItsFiguresAreLogged()
    {
        var warnings = new List<TrainingProgress>();
        Train(Tiny with { KlWeight = 1000, Steps = 60 }, progress: p => warnings.AddRange(p.Warning == null ? [] : [p]));
        Assert.That(warnings, Has.Count.EqualTo(1));
        Assert.That(warnings[0].Warning, Does.Contain("collapsed").And.Contain("of 4 latent units"));
        Assert.That(warnings[0].Step, Is.GreaterThanOrEqualTo(15), "not in the first quarter");
        Assert.That(Stats("heldout").Select(s => s.GetProperty("units").GetInt32()), Is.All.EqualTo(4));
        JsonElement last = Stats("heldout")[^1];
        double sum = last.GetProperty("klPerDimension").EnumerateArray().Sum(k => k.GetDouble());
        Assert.That(sum, Is.EqualTo(last.GetProperty("kl").GetDouble()).Within(1e-3));
    }
}

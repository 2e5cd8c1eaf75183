using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Making;
using VaeProcgen.Tests.Making;
using VaeProcgen.Tests.Vulkan;

namespace VaeProcgen.Tests.Evaluation;

/// <summary>Every figure of a conditional model is made with the labels of its images.</summary>
public class ConditionalEvaluationTests : VulkanTest
{
    [Test]
    public void FiguresOfTheSameDrawsAgree()
    {
        ArtSet set = ConditionalTinyModel.Images(9);
        using var session = new ModelSession(Device, ConditionalTinyModel.Create(Device));
        EvaluationReport report = ModelEvaluation.Run(
            session, set, EvaluatedPart.All, session.Model.Prior(), 4, 3, new ImportanceSampling(1)).Report;
        ScoredImages images = ScoredImages.Of(session.Runner, set);
        Assert.That(images.LabelOf, Is.EqualTo(new[] { 0, 1, 0, 1, 0, 1, 0, 1, 0 }));
        var likelihood = new ImageLikelihood(ConditionalTinyModel.Architecture.Likelihood, report.Elbo.Scale);
        double[] sampled = ElboEvaluator.Sampled(likelihood, z => session.Runner.Decode(z, images.LabelOf), images, 3);
        Assert.That(report.ImportanceWeighted!.Bound, Is.EqualTo(Estimate.OfMean(sampled)), "to the bit");
        double difference = -report.Elbo.Reconstruction - report.KlParts!.Kl.Value;
        Assert.That(report.ImportanceWeighted.Bound.Value, Is.EqualTo(difference).Within(1e-9 * System.Math.Abs(difference)));
        ImportanceWeightedBound four = ModelEvaluation.Run(
            session, set, EvaluatedPart.All, session.Model.Prior(), 1, 3, new ImportanceSampling(5, 4)).Report.ImportanceWeighted!;
        int[] scored = [0, 2, 4, 6];
        var ofThese = Estimate.OfMean([.. scored.Select(n => sampled[n])]);
        Assert.That(four.FirstDraw, Is.EqualTo(ofThese), "a part of the images, each with its label");

        double whole = ElboEvaluator.Evaluate(session.Runner, set, 0.25, 3).Kl!.Value;
        Assert.That(ImageElbo.Score(session.Runner, set, 0.25, 1, 3).Average(e => e.Kl), Is.EqualTo(whole).Within(1e-9 * whole));
    }

    [Test]
    public void OtherLabelsGiveOtherFigures()
    {
        ArtSet set = ConditionalTinyModel.Images(4);
        ArtImage Turn(ArtImage image) => image with { Label = image.Label == "red" ? "blue" : "red" };
        var turned = new ArtSet(set.Width, set.Height, set.Images.Select(Turn).ToArray());
        using var session = new ModelSession(Device, ConditionalTinyModel.Create(Device));
        double Elbo(ArtSet images) => ElboEvaluator.Evaluate(session.Runner, images, 0.25, 3).Elbo!.Value;
        Assert.That(Elbo(turned), Is.Not.EqualTo(Elbo(set)));
        Assert.That(
            () => Elbo(TinyModel.Images(4)),
            Throws.ArgumentException.With.Message.Contains("00.png").And.Message.Contains("found none"));
    }
}

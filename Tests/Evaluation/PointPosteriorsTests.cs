using System;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Evaluation;

/// <summary>What has no meaning for points is absent; what has one is there.</summary>
public class PointPosteriorsTests
{
    private static readonly PointPosteriors Points = new([1, 2, 3, 6], 2);

    private static readonly LikelihoodOptions Options = new(LikelihoodKind.Gaussian, LikelihoodLink.Identity);

    private static readonly ImageLikelihood Likelihood = new(Options, 0.5);

    [Test]
    public void ADrawIsThePoint()
    {
        Assert.That(Points.SampleAll(1, 0), Is.EqualTo(new float[] { 1, 2, 3, 6 }));
        Assert.That(Points.SampleAll(2, 9), Is.EqualTo(Points.Centres));
        Assert.That(Points.MeanVariance(), Is.EqualTo(new[] { 1.0, 4 }));
    }

    [Test]
    public void ThereIsNoKlAndNoBound()
    {
        Assert.That((Points.HasDensities, Points.HasAggregate), Is.EqualTo((false, false)));
        Assert.That(new[] { Points.KlOf(0), Points.KlPerDimension() }, Is.All.Null);
        Assert.That(() => KlDecomposition.Of(Points, 0), Throws.ArgumentException.With.Message.Contains("densities"));
        var images = new ScoredImages([1, 2, 3, 6], Points, [1, 2, 3, 6]);
        Assert.That(() => ElboEvaluator.Sampled(Likelihood, z => z, images, 0), Throws.TypeOf<NotSupportedException>());
    }

    [Test]
    public void TheReportSaysOnlyWhatIsThere()
    {
        var images = new ScoredImages([1, 2.5f, 3, 6], Points, [1, 2, 3, 6]);
        ElboReport elbo = ElboEvaluator.Evaluate(Options, z => z, images, 0.5, 0);
        // Of the first image ½ · 0.5² / 0.5² beside the constant of two values.
        double expected = (2 * 0.5 * Math.Log(2 * Math.PI * 0.25)) + (0.5 / 2);
        Assert.That(elbo.Reconstruction, Is.EqualTo(expected).Within(1e-9));
        Assert.That(new object?[] { elbo.Elbo, elbo.Kl, elbo.ActiveUnits, elbo.KlPerDimension }, Is.All.Null);

        var report = new EvaluationReport(
            "hash", EvaluatedPart.All, 2, elbo, "flow", 1, new Distances(1, 1), new Distances(0, 0), 0, null, null, new Estimate(1, 0), null,
            null);
        JsonElement json = JsonDocument.Parse(report.ToJson()).RootElement;
        string[] absent = ["elbo", "kl", "activeUnits", "klPerDimension"];
        Assert.That(absent.Select(name => json.GetProperty("elbo").GetProperty(name).ValueKind), Is.All.EqualTo(JsonValueKind.Null));
        Assert.That(json.GetProperty("klParts").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(report.ToString(), Does.Contain("reconstruction").And.Contain("PSNR").And.Not.Contain("ELBO").And.Not.Contain("KL")
            .And.Not.Contain("active").And.Not.Contain("NaN"));
    }

    [Test]
    public void OutliersAreRankedByTheReconstruction()
    {
        ImageElbo[] scores = [new("a", null, 5, null), new("b", null, 9, null), new("c", null, -1, null)];
        OutlierReport report = OutlierReport.Of("hash", scores, 2, 4, 0);
        Assert.That(report.Outliers.Select(o => o.Name), Is.EqualTo(new[] { "b", "a" }));
        Assert.That(report.ToString(), Does.Contain("there is no ELBO").And.Contain("9.0").And.Not.Contain("median"));
        Assert.That(report.ToJson(), Does.Contain("\"medianElbo\": null"));
    }
}

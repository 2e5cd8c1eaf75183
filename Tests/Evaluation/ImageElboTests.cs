using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Editor.Making;
using VaeProcgen.Tests.Making;
using VaeProcgen.Tests.Vulkan;

namespace VaeProcgen.Tests.Evaluation;

public class ImageElboTests : VulkanTest
{
    [Test]
    public void TheMeanIsThatOfTheWholeSet()
    {
        using var session = new ModelSession(Device, TinyModel.Create(Device));
        ArtSet set = TinyModel.Images(70);
        ElboReport whole = ElboEvaluator.Evaluate(session.Runner, set, 0.25, 3);
        IReadOnlyList<ImageElbo> each = ImageElbo.Score(session.Runner, set, 0.25, 8, 3);
        Assert.That(each.Select(e => e.Name), Is.EqualTo(set.Images.Select(i => i.Name)));
        Assert.That(each.Average(e => e.Kl), Is.EqualTo(whole.Kl).Within(1e-9 * whole.Kl!.Value));
        Assert.That(each, Is.All.Matches<ImageElbo>(e => e.Elbo == -(e.Reconstruction + e.Kl)));
        // The noise differs: the whole set has one sample an image, whose reconstructions scatter about as much as they do here.
        double scatter = Math.Sqrt(each.Average(e => Math.Pow(e.Reconstruction - each.Average(o => o.Reconstruction), 2)) / 70);
        Assert.That(each.Average(e => e.Reconstruction), Is.EqualTo(whole.Reconstruction).Within(5 * scatter));
    }

    [Test]
    public void AnImagesScoreIsItsOwn()
    {
        using var session = new ModelSession(Device, TinyModel.Create(Device));
        ArtSet set = TinyModel.Images(5);
        var first = new ArtSet(set.Width, set.Height, set.Images.Take(2).ToArray());
        var all = ImageElbo.Score(session.Runner, set, 0.25, 2, 3);
        Assert.That(ImageElbo.Score(session.Runner, first, 0.25, 2, 3), Is.EqualTo(all.Take(2)));
        Assert.That(ImageElbo.Score(session.Runner, set, 0.25, 2, 4), Is.Not.EqualTo(all));
        Assert.That(() => ImageElbo.Score(session.Runner, set, 0.25, 0, 3), Throws.ArgumentException.With.Message.Contains("at least 1"));
    }

    [Test]
    public void TheLowestComeFirst()
    {
        ImageElbo[] scores = [new("a", 5, 0, 0), new("b", -7, 4, 3), new("c", 9, 0, 0), new("d", -7, 4, 3)];
        Assert.That(OutlierReport.Rank(scores, 3), Is.EqualTo(new[] { 1, 3, 0 }));
        OutlierReport report = OutlierReport.Of("hash", scores, 9, samples: 1, seed: 0);
        Assert.That((report.Images, report.Outliers.Count, report.MedianElbo), Is.EqualTo((4, 4, -1.0)));
        Assert.That(report.ToString(), Does.Contain("The 4 of 4 images").And.Contain("-7.0"));
        Assert.That(report.ToJson(), Does.Contain("\"medianElbo\": -1"));
    }
}

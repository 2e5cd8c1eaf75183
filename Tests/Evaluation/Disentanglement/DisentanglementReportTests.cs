using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation.Disentanglement;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Making;
using VaeProcgen.Tests.Vulkan;

namespace VaeProcgen.Tests.Evaluation.Disentanglement;

public class DisentanglementReportTests : VulkanTest
{
    private static readonly DisentanglementOptions Small = new() { Images = 300, Draws = 40, Batch = 8, Seed = 2 };

    [Test]
    public void MeasuresAModel()
    {
        VaeArchitecture architecture = TinyModel.Architecture with { Width = 16, Height = 16 };
        using var runner = new VaeRunner(Device, architecture);
        var random = new Random(1);
        var weights = runner.Parameters.ToDictionary(p => p.Name, p => new WeightTensor(
            p.LogicalShape, [.. Enumerable.Range(0, p.LogicalShape.Aggregate((a, b) => a * b)).Select(_ => random.NextSingle() - 0.5f)]));
        using var session = new ModelSession(Device, new VaeModel(architecture, weights));
        List<(int, int)> told = [];
        var report = DisentanglementReport.Run(session, Small, (done, total) => told.Add((done, total)));
        Assert.That(told, Is.EqualTo(new[] { (256, 300), (300, 300) }));
        Assert.That((report.ModelHash, report.Size, report.LatentSize), Is.EqualTo((session.Model.Hash, 16, 4)));
        foreach (double score in new[] { report.Mig.Score, report.MigOfSamples.Score, report.FactorVae, report.BetaVae })
            Assert.That(score, Is.InRange(0, 1));
        Assert.That(DisentanglementReport.Run(session, Small).ToJson(), Is.EqualTo(report.ToJson()));
        JsonElement json = JsonDocument.Parse(report.ToJson()).RootElement;
        Assert.That(json.GetProperty("mig").GetProperty("factors").GetArrayLength(), Is.EqualTo(5));
        Assert.That(json.GetProperty("options").GetProperty("images").GetInt32(), Is.EqualTo(300));
        Assert.That(
            report.ToString(), Does.Contain("300 dSprites images of 16×16").And.Contain("FactorVAE score").And.Contain("orientation"));
    }

    /// <summary>A grey model, and one of colours that looks at red alone, see the same and have the same scores.</summary>
    [Test]
    public void MeasuresAGreyModel()
    {
        VaeArchitecture colours = VaePreset.Create("linear", 16, 4, new LikelihoodOptions(LikelihoodKind.Bernoulli), PaddingMode.Zero);
        VaeArchitecture grey = colours with { Pixels = PixelFormat.Grey };
        Assert.That(Of(grey).FactorVae, Is.EqualTo(Of(colours).FactorVae));
        Assert.That(Of(grey).Mig.Score, Is.EqualTo(Of(colours).Mig.Score).Within(1e-6));
        VaeArchitecture point = grey with { Latent = LatentKind.Point };
        using var session = new ModelSession(Device, new VaeModel(point, Weights(point)));
        Assert.That(() => DisentanglementReport.Run(session, Small), Throws.ArgumentException.With.Message.Contains("point"));

        DisentanglementReport Of(VaeArchitecture a)
        {
            using var session = new ModelSession(Device, new VaeModel(a, Weights(a)));
            return DisentanglementReport.Run(session, Small);
        }

        // Of the encoder's [values, 2Z] only the rows of red count.
        Dictionary<string, WeightTensor> Weights(VaeArchitecture a)
        {
            using var runner = new VaeRunner(Device, a);
            return runner.Parameters.ToDictionary(p => p.Name, p =>
            {
                var values = new float[p.LogicalShape.Aggregate((x, y) => x * y)];
                if (p.Name == "encoder.head.weight")
                {
                    int columns = p.LogicalShape[1];
                    for (int i = 0; i < values.Length; i += a.ImageChannels * columns)
                    {
                        for (int j = 0; j < columns; j++)
                            values[i + j] = MathF.Sin(1 + (i / a.ImageChannels) + j) / 8;
                    }
                }

                return new WeightTensor(p.LogicalShape, values);
            });
        }
    }

    // It sees where the sprite's pixels are, so x and y are its first two dimensions; the others are nothing.
    [Test]
    public void AnEncoderOfPositionsKnowsPositionsOnly()
    {
        var report = DisentanglementReport.Run(Centroids, 32, "", new() { Images = 3000, Draws = 200 });
        Assert.That(report.ActiveUnits, Is.EqualTo(2));
        Dictionary<string, FactorGap> gaps = report.Mig.Factors.ToDictionary(f => f.Factor);
        Assert.That((gaps["x"].Latent, gaps["y"].Latent), Is.EqualTo((0, 1)));
        // 20 bins of 32 positions: at most log 20 / log 32 = 0.86.
        Assert.That(new[] { gaps["x"].Gap, gaps["y"].Gap }, Is.All.InRange(0.6, 0.87));
        Assert.That(new[] { "shape", "scale", "orientation" }.Select(f => gaps[f].Gap), Is.All.LessThan(0.05));
        Assert.That(report.FactorVae, Is.InRange(0.35, 0.75), "two factors of five, and a guess at the rest");
    }

    [Test]
    public void OptionsOutOfRangeAndCancellationEndIt()
    {
        DisentanglementReport Run(DisentanglementOptions o, int size = 32, bool cancelled = false) =>
            DisentanglementReport.Run(Centroids, size, "", o, null, new CancellationToken(cancelled));
        Assert.That(() => Run(Small with { Images = 99 }), Throws.ArgumentException.With.Message.Contains("found 99"));
        Assert.That(() => Run(Small with { Images = DSprites.Count + 1 }), Throws.ArgumentException);
        Assert.That(() => Run(Small with { Batch = 1 }), Throws.ArgumentException);
        Assert.That(() => Run(Small with { Draws = 1 }), Throws.ArgumentException);
        Assert.That(() => Run(Small with { Bins = 1 }), Throws.ArgumentException);
        Assert.That(() => Run(Small, size: 8), Throws.InstanceOf<ArgumentException>().With.Message.Contains("between 16 and 1024"));
        Assert.That(() => Run(Small, cancelled: true), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void FactorsThatDoNotVaryAreRefused()
    {
        FactorPosteriors Make(int[] factors, float[] mean) => new(["a"], [3], factors, mean, mean);
        Assert.That(() => Make([1, 1], [0, 0]), Throws.ArgumentException.With.Message.Contains("one value in all 2 images"));
        Assert.That(() => Make([1, 3], [0, 0]), Throws.ArgumentException.With.Message.Contains("from 0 to 2; found 1 to 3"));
        Assert.That(() => Make([0, 1], [0, 0, 0]), Throws.ArgumentException.With.Message.Contains("found 2 factor values"));
        Assert.That(() => Make([], []), Throws.ArgumentException);
    }

    private static (float[] Mean, float[] LogVariance) Centroids(float[] images)
    {
        const int size = 32;
        int count = images.Length / (4 * size * size);
        var mean = new float[count * 4];
        for (int i = 0; i < count; i++)
        {
            double x = 0, y = 0, white = 0;
            for (int p = 0; p < size * size; p++)
            {
                float value = images[4 * ((i * size * size) + p)];
                (x, y, white) = (x + (value * (p % size)), y + (value * (p / size)), white + value);
            }

            mean[4 * i] = (float)(x / white);
            mean[(4 * i) + 1] = (float)(y / white);
        }

        return (mean, [.. Enumerable.Repeat(-8f, count * 4)]);
    }
}

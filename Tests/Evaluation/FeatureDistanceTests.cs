using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Making;
using VaeProcgen.Tests.Support.Reference;
using VaeProcgen.Tests.Vulkan;
using Drawn = VaeProcgen.Tests.Models.TinyModel;

namespace VaeProcgen.Tests.Evaluation;

public sealed class FeatureDistanceTests : VulkanTest
{
    private static VaeModel Model(VaeArchitecture architecture) => new(architecture, Drawn.WeightsFor(architecture))
    {
        FeatureWeights = FeatureNetwork.ParametersOf(architecture).Parameters
            .ToDictionary(p => p.Name, p => new WeightTensor(p.LogicalShape, Drawn.Draw(p))),
    };

    /// <summary>Against the formula, of features that one convolution gives.</summary>
    [Test]
    public void IsTheMeanSquareAndItsShareOfTheVariance()
    {
        const int n = 70;
        VaeModel model = Model(TinyModel.Architecture);
        int each = model.Architecture.Values;
        double[] x = TestData.Uniform(n * each, 1, 0), y = TestData.Uniform(n * each, 2, 0);
        using var runner = new FeatureRunner(Device, model);
        Assert.That(runner.Count, Is.EqualTo(4 * 4 * 4));
        FeatureDistance distance = FeatureDistance.Of(runner, model.Architecture, Scored(x, y, n));

        double[] Features(double[] images)
        {
            var layer = new Conv2dReference.Geometry(new Dims(n, 8, 8, 4), 4, 4, 4, Stride: 2, Pad: 1);
            double[] Weight(string name) => TestData.ToDouble(model.FeatureWeights["encoder.conv0." + name].Values);
            return ActivationReference.Forward(ActivationReference.Kind.LeakyReLU, Conv2dReference.Forward(layer, images, Weight("weight"), Weight("bias")));
        }

        double[] jx = Features(x), jy = Features(y);
        double[] mean = [.. Enumerable.Range(0, 64).Select(f => Enumerable.Range(0, n).Average(i => jx[(64 * i) + f]))];
        double square = jx.Zip(jy, (a, b) => (a - b) * (a - b)).Average(), variance = jx.Select((v, i) => Math.Pow(v - mean[i % 64], 2)).Average();
        Assert.That(distance.MeanSquare, Is.EqualTo(square).Within(1e-5 * square));
        Assert.That(distance.Share, Is.EqualTo(square / variance).Within(1e-5 * square / variance));
        Assert.That(FeatureDistance.Of(runner, model.Architecture, Scored(x, x, n)), Is.EqualTo(new FeatureDistance(64, 0, 0)));
    }

    [Test]
    public void GreyImagesHaveFeaturesToo([Values(NetworkKind.Conv, NetworkKind.Mlp)] NetworkKind network)
    {
        var architecture = new VaeArchitecture(network, 8, 8, 4, [8], new LikelihoodOptions(LikelihoodKind.Bernoulli)) { Pixels = PixelFormat.Grey };
        var weights = FeatureNetwork.ParametersOf(architecture).Parameters.ToDictionary(p => p.Name, p => new WeightTensor(p.LogicalShape, Drawn.Draw(p)));
        using var runner = new FeatureRunner(Device, new VaeModel(architecture, weights) { FeatureWeights = weights });
        float[] two = TestData.ToFloat(TestData.Uniform(2 * 64, 1, 0)), features = runner.Run(two);
        Assert.That(features, Has.Length.EqualTo(2 * (network == NetworkKind.Mlp ? 8 : 4 * 4 * 8)));
        Assert.That(runner.Run(two[64..]), Is.EqualTo(features[runner.Count..]));
        Assert.That(() => runner.Run(two[1..]), Throws.ArgumentException.With.Message.Contains("64 values"));
    }

    [Test]
    public void AnotherModelMeasuresImagesOfItsOwnKindAlone()
    {
        using var session = new ModelSession(Device, TinyModel.Create(Device));
        using var runner = new FeatureRunner(Device, Model(TinyModel.Architecture with { LatentSize = 8, Channels = [8] }));
        ModelEvaluation With(FeatureRunner? features) => ModelEvaluation.Run(
            session, TinyModel.Images(4), EvaluatedPart.All, session.Model.Prior(), 1, 0, features: features);
        Assert.That(With(null).Report.Features, Is.Null);
        EvaluationReport report = With(runner).Report;
        Assert.That(report.Features!.Share, Is.Positive);
        Assert.That(report.ToString(), Does.Contain("feature error").And.Contain("mean square of 128 features"));
        using var larger = new FeatureRunner(Device, Model(TinyModel.Architecture with { Width = 16, Height = 16 }));
        Assert.That(() => With(larger), Throws.ArgumentException.With.Message.Contains("16×16").And.Message.Contains("8×8"));
    }

    [Test]
    public void AModelWithoutAFeatureNetworkOrWithHalfOfOneIsRefused()
    {
        VaeModel bare = TinyModel.Create(Device), whole = Model(TinyModel.Architecture);
        Assert.That(() => new FeatureRunner(Device, bare), Throws.ArgumentException.With.Message.Contains("--features"));
        var half = new VaeModel(whole.Architecture, whole.Weights) { FeatureWeights = whole.FeatureWeights.Take(1).ToDictionary() };
        Assert.That(() => new FeatureRunner(Device, half), Throws.TypeOf<ModelFileException>().With.Message.Contains("encoder.conv0"));
    }

    private static ScoredImages Scored(double[] x, double[] reconstructions, int n) => new(
        TestData.ToFloat(x), new GaussianPosteriors(new float[n], new float[n], 1), TestData.ToFloat(reconstructions));
}

using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Dataset;
using VaeProcgen.Tests.Making;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Evaluation;

/// <summary>What is done in parts is the same to the bit as if it were done at once.</summary>
public sealed class ModelInputsTests(OperandPath path) : GpuTest(path)
{
    private const int Batch = 4;

    [Test]
    public void PartsAreThoseOfTheWhole([Values] PixelFormat pixels, [Values(null, 5UL)] ulong? binarizationSeed)
    {
        ArtSet set = TinyModel.Images(7);
        VaeArchitecture a = TinyModel.Architecture with { Pixels = pixels };
        var inputs = new ModelInputs(a, OnDisk.Of(set), binarizationSeed, withMirrored: true);
        float[] all = inputs.All();
        Assert.That((inputs.Count, all.Length), Is.EqualTo((14, 14 * a.Values)));
        Assert.That(all[(7 * a.Values)..], Is.EqualTo(ModelInputs.Mirror(all[..(7 * a.Values)], a.Width, a.ImageChannels)));
        for (int first = 0; first < 14; first++)
        {
            for (int count = 1; count <= 14 - first; count++)
                Assert.That(inputs.Of(first, count), Is.EqualTo(all[(first * a.Values)..((first + count) * a.Values)]), $"{count} from {first} on");
        }
    }

    [Test]
    public void PartsAreWholeBatchesAndAtLeastOne()
    {
        var inputs = new ModelInputs(TinyModel.Architecture, TinyModel.Images(11)) { PartValues = 9 * TinyModel.Architecture.Values };
        Assert.That(inputs.Parts(4), Is.EqualTo(new[] { (0, 8), (8, 3) }));
        Assert.That(inputs.Parts(10), Is.EqualTo(new[] { (0, 10), (10, 1) }));
        Assert.That(inputs.Parts(1).First(), Is.EqualTo((0, 9)));
    }

    [Test]
    public void ScoresOfPartsAreThoseOfTheWhole()
    {
        VaeModel model = TinyModel.Create(Device);
        using var runner = new VaeRunner(Device, model.Architecture, Batch);
        runner.LoadWeights(model.WeightsOf);
        ArtSet set = OnDisk.Of(TinyModel.Images(11));
        var parts = new ModelInputs(model.Architecture, set) { PartValues = 8 * model.Architecture.Values };
        ScoredImages whole = ScoredImages.Of(runner, set), some = ScoredImages.Of(runner, parts);
        Assert.That(some.Parts().Select(p => p.First), Is.EqualTo(new[] { 0, 8 }));
        Assert.That(some.Parts().SelectMany(p => p.Values), Is.EqualTo(whole.Parts().Single().Values));
        Assert.That(some.Parts().SelectMany(p => p.Reconstructions), Is.EqualTo(whole.Parts().Single().Reconstructions));
        Assert.That(some.Image(9).ToArray(), Is.EqualTo(whole.Image(9).ToArray()));
        Assert.That(some.Posteriors.Centres, Is.EqualTo(whole.Posteriors.Centres));
        ElboReport expected = ElboEvaluator.Evaluate(runner, set, null, 3);
        ElboReport found = ElboEvaluator.Evaluate(model.Architecture.Likelihood, z => runner.Decode(z), some, null, 3);
        Assert.That((found.Elbo, found.Psnr, found.Scale), Is.EqualTo((expected.Elbo, expected.Psnr, expected.Scale)));
        Assert.That(parts.EncodeHead(runner), Is.EqualTo(new ModelInputs(model.Architecture, set).EncodeHead(runner)));
    }
}

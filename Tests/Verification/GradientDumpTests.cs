using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Editor.Verification;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.ModelFile;
using VaeProcgen.Tests.Models;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Verification;

/// <summary>
/// Whole networks, forward and backward, against double precision: what Benchmarks~/check_gradients.py does with PyTorch, here with
/// the references that each operator is tested against.
/// </summary>
public sealed class GradientDumpTests(OperandPath path) : GpuTest(path)
{
    private const int N = 3;
    private const int Z = 4;
    private const double LargestRelativeError = 1e-4;

    private TemporaryFolder folder = new();

    private static IEnumerable<TrainingOptions> Networks() =>
    [
        new() { Preset = "fast" },
        new() { Preset = "fast", Padding = PaddingMode.Circular, Likelihood = new(LikelihoodKind.Bernoulli), KlWeight = 0.5 },
        new() { Preset = "residual", Padding = PaddingMode.Circular, Likelihood = new(LikelihoodKind.Gaussian) },
        new() { Preset = "residual", Likelihood = new(LikelihoodKind.Gaussian, LikelihoodLink.Identity, FixedScale: 0.25f), KlWeight = 3 },
        new() { Preset = "mlp", Likelihood = new(LikelihoodKind.Laplace, FixedScale: 0.125f) },
        new() { Preset = "linear", Likelihood = new(LikelihoodKind.Gaussian, LikelihoodLink.Identity, FixedScale: 0.5f) },
    ];

    private static IEnumerable<TestCaseData> Cases() => Networks().Select(
        o => new TestCaseData(o with { LatentSize = Z, Batch = N, Seed = 5 })
            .SetArgDisplayNames($"{o.Preset} {o.Padding} {o.Likelihood.Kind} {o.Likelihood.Link} {o.Likelihood.FixedScale}"));

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [TestCaseSource(nameof(Cases))]
    public void EveryGradientIsThatOfTheFormula(TrainingOptions options)
    {
        SafetensorsFile dump = Write(options);
        var reference = new GraphReference(dump);
        double[] head = reference.Values(reference.Head), logits = reference.Values("logits"), images = reference.Values("images");
        AssertClose(dump, "activation.mu", head.Where((_, i) => i % (2 * Z) < Z).ToArray());
        AssertClose(dump, "activation.log_variance", head.Where((_, i) => i % (2 * Z) >= Z).ToArray());
        AssertClose(dump, "activation.logits", logits);

        var likelihood = new LikelihoodReference.Settings(
            Enum.Parse<LikelihoodReference.Distribution>(dump.Metadata["likelihood"], ignoreCase: true),
            Enum.Parse<LikelihoodReference.Link>(dump.Metadata["link"], ignoreCase: true),
            dump.Metadata["scale"] == "optimal" ? null : double.Parse(dump.Metadata["scale"], CultureInfo.InvariantCulture));
        double beta = double.Parse(dump.Metadata["kl_weight"], CultureInfo.InvariantCulture);
        double reconstruction = LikelihoodReference.Forward(likelihood, N, logits, images), kl = GaussianKlReference.Forward(N, Z, head);
        Assert.That(beta, Is.EqualTo(options.KlWeight));
        AssertClose(dump, "loss.reconstruction", [reconstruction]);
        AssertClose(dump, "loss.kl", [kl]);
        AssertClose(dump, "loss.total", [reconstruction + (beta * kl)]);

        IReadOnlyDictionary<string, double[]> gradients = reference.Backward(
            LikelihoodReference.Backward(likelihood, N, logits, images), GaussianKlReference.Backward(N, Z, head, beta));
        string[] weights = dump.Tensors.Keys.Where(n => n.StartsWith("weight.", StringComparison.Ordinal)).Select(n => n[7..]).ToArray();
        foreach (string name in weights)
            AssertClose(dump, "gradient." + name, gradients[name]);
    }

    [Test]
    public void HoldsAllThatAnotherFrameworkNeeds()
    {
        TrainingOptions options = new TrainingOptions { Preset = "residual", LatentSize = Z, Batch = N, KlWeight = 0.75 };
        SafetensorsFile dump = Write(options);
        Assert.That(dump.Get("images", N, 8, 8, 4).IsFloat);
        Assert.That(dump.Get("epsilon", N, Z).IsFloat);
        VaeArchitecture architecture = VaeArchitecture.FromJson(dump.Metadata["architecture"]);
        IReadOnlyList<Parameter> parameters = TinyModel.ParametersOf(architecture);
        foreach (Parameter p in parameters)
        {
            long[] shape = p.LogicalShape.Select(d => (long)d).ToArray();
            Assert.That(dump.GetFloats("weight." + p.Name, shape).Length, Is.EqualTo(dump.GetFloats("gradient." + p.Name, shape).Length));
        }

        Assert.That(
            dump.Tensors, Has.Count.EqualTo(2 + 3 + 3 + (2 * parameters.Count)), "images, noise, activations, losses, weights, gradients");
        dump.RequireFinite();
        string readme = File.ReadAllText(folder.File("README.md"));
        string[] words =
        [
            GradientDump.FileName, "`images`", "`epsilon`", "`weight.NAME`", "`gradient.NAME`", "`loss.total`", "log_variance",
            "0.75 * kl", "sigmoid(l)", "D log(2 b)", "[R, S, C, K]", "check_gradients.py", Device.Info.Name,
        ];
        foreach (string word in words)
            Assert.That(readme, Does.Contain(word));
    }

    /// <summary>Asked for more images than there are, it takes all; the noise is that of the seed.</summary>
    [Test]
    public void TakesAtMostAllImages()
    {
        var options = new TrainingOptions { Preset = "mlp", LatentSize = Z, Batch = 100, Seed = 11 };
        SafetensorsFile dump = Write(options);
        Assert.That(dump.Metadata["batch"], Is.EqualTo("5"));
        GpuNormals noise = GpuNormals.Draw(5 * Z, new StepState(0, 11), GpuNormals.Posterior);
        Compare.Within(dump.GetFloats("epsilon", 5, Z), noise.Values, noise.Bound, "epsilon", i => $"{i}");
    }

    private SafetensorsFile Write(TrainingOptions options)
    {
        var random = new Random(1);
        var images = new ArtSet(8, 8, Enumerable.Range(0, 5).Select(i =>
        {
            var rgba = new byte[8 * 8 * 4];
            random.NextBytes(rgba);
            return new ArtImage($"{i}", "", rgba);
        }).ToArray());
        GradientDump.Write(Device, images, options, folder.File(""));
        return SafetensorsFile.Read(folder.File(GradientDump.FileName));
    }

    /// <summary>‖x − x_ref‖ / ‖x_ref‖, as the PyTorch check has it.</summary>
    private static void AssertClose(SafetensorsFile dump, string name, double[] reference)
    {
        float[] actual = dump.GetFloats(name);
        Assert.That(actual, Has.Length.EqualTo(reference.Length), name);
        double error = Math.Sqrt(actual.Zip(reference, (a, r) => (a - r) * (a - r)).Sum()), size = Math.Sqrt(reference.Sum(r => r * r));
        Assert.That(error / size, Is.LessThan(LargestRelativeError), name);
    }
}

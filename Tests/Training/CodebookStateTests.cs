using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.ModelFile;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Training;

[TestFixture]
public sealed class CodebookStateTests() : GpuTest(GpuTestDevice.Paths.First())
{
    private const int K = 13, D = 8;

    private static readonly CodebookState State = new(
        TestData.ToFloat(TestData.Normal(K * D, 1)), TestData.ToFloat(TestData.Uniform(K, 2, 0, 9)),
            TestData.ToFloat(TestData.Normal(K * D, 3)));

    [Test]
    public void SurvivesTheDeviceAndTheFile()
    {
        using var workspace = new Workspace(Device);
        var codebook = new Codebook("codebook", K, D);
        State.Restore(workspace, codebook);
        var writer = new SafetensorsWriter();
        CodebookState.Capture(workspace, codebook).AddTo(writer);
        CodebookState read = CodebookState.Read(SafetensorsFile.Parse(SafetensorsTests.Write(writer)), K, D);
        Assert.That(read.Codebook, Is.EqualTo(State.Codebook));
        Assert.That(read.Counts, Is.EqualTo(State.Counts));
        Assert.That(read.Sums, Is.EqualTo(State.Sums));
        Assert.That(read.IsFinite());
        Assert.That((read with { Sums = [float.NaN] }).IsFinite(), Is.False);
    }

    [Test]
    public void AStateOfAnotherSizeIsRefused()
    {
        using var workspace = new Workspace(Device);
        Assert.That(() => State.Restore(workspace, new Codebook("codebook", K + 1, D)),
            Throws.ArgumentException.With.Message.Contains("14 codes of 8"));
        var writer = new SafetensorsWriter();
        State.AddTo(writer);
        SafetensorsFile file = SafetensorsFile.Parse(SafetensorsTests.Write(writer));
        Assert.That(() => CodebookState.Read(file, K, 4), Throws.TypeOf<ModelFileException>().With.Message.Contains("'codebook'"));
    }
}

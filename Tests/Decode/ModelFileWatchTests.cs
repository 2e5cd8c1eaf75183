using System;
using System.IO;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.ModelFile;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Decode;

public sealed class ModelFileWatchTests(OperandPath path) : GpuTest(path)
{
    [Test]
    public void TakesANewFileAndLeavesABadOne()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("model.safetensors");
        VaeModel first = DecodeModels.Plain();
        first.Save(file);
        using TextureModel model = TextureModel.Load(Device, file);
        var watch = new ModelFileWatch(model, file, TimeSpan.Zero);
        Assert.That(watch.Update(), Is.False, "nothing has changed");

        File.WriteAllText(file, "not a model");
        WaitFor(() => watch.Update() || watch.Error != null);
        Assert.That(watch.Error, Does.Contain(file));
        Assert.That(model.File.Hash, Is.EqualTo(first.Hash));

        var second = new VaeModel(first.Architecture, first.Weights.ToDictionary(w => w.Key, w => w.Value with { Values = w.Value.Values.Select(v => -v).ToArray() }));
        second.Save(file);
        WaitFor(watch.Update);
        Assert.That(watch.Error, Is.Null);
        Assert.That(model.File.Hash, Is.EqualTo(second.Hash));

        DecodeModels.Of(first.Architecture with { LatentSize = 8 }).Save(file);
        WaitFor(() => watch.Update() || watch.Error != null);
        Assert.That(watch.Error, Does.Contain("another architecture"));
        File.Delete(file);
        Assert.That(watch.Update(), Is.False);
        Assert.That(model.File.Hash, Is.EqualTo(second.Hash));
    }

    private static void WaitFor(Func<bool> condition)
    {
        for (int i = 0; i < 2000 && !condition(); i++)
            Thread.Sleep(5);
    }
}

using System;
using System.IO;
using NUnit.Framework;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Tests.Training;

/// <summary>A disk that fails in the midst of a training: a clear error, and nothing that was saved is lost.</summary>
public sealed class FailingDiskTests : TrainingTest
{
    [Test]
    public void AModelThatCanNotBeSavedIsNotLost()
    {
        AssertFails(
            () => Train(progress: Once("prior", () => Directory.CreateDirectory(OutPath))), OutPath, "a folder of that name is in the way");
        Directory.Delete(OutPath);
        Train(resume: true);
        AssertModelIs(UndisturbedModel());
    }

    [Test]
    public void ACheckpointThatCanNotBeSavedStopsTheTraining()
    {
        File.WriteAllText(OutPath, "an older model");
        AssertFails(
            () => Train(Tiny with { CheckpointSeconds = 1e-6 }, progress: Once("training", () => Directory.CreateDirectory(VaeCheckpoint))),
            VaeCheckpoint, "a folder of that name is in the way");
        Assert.That(File.ReadAllText(OutPath), Is.EqualTo("an older model"));
        Assert.That(Directory.GetFiles(RunPath, "*.tmp"), Is.Empty);
    }

    [Test]
    public void ARunFolderThatVanishesStopsTheTraining() =>
        AssertFails(() => Train(progress: Once("training", () => Directory.Delete(RunPath, recursive: true))), RunPath, "does not exist");

    private static Action<Editor.Training.TrainingProgress> Once(string phase, Action action)
    {
        bool done = false;
        return p =>
        {
            if (done || p.Phase != phase)
                return;
            done = true;
            action();
        };
    }

    private static void AssertFails(TestDelegate train, string path, string why) =>
        Assert.That(train, Throws.TypeOf<ModelFileException>().With.Message.Contains(path).And.Message.Contains(why));
}

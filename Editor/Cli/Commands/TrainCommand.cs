using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Trains a model on a folder of art.</summary>
internal sealed class TrainCommand : Command
{
    private readonly Argument<string> folder = new("DIR") { Description = ArtOptions.FolderHelp };
    private readonly Option<string?> model = OptionOf.Text("--out", "FILE", "Where the model goes, such as monsters.safetensors");
    private readonly ArtOptions art;
    private readonly TrainingFlags flags;
    private readonly DeviceOptions device;

    private readonly Option<string?> run = OptionOf.Text(
        "--run", "DIR", "Where figures, previews and checkpoints go [default: the model's name with -run]");

    private readonly Option<bool> resume = new("--resume")
    {
        Description = "Continue an interrupted training from its checkpoint, with the options it had",
    };

    public TrainCommand()
        : base("train", "Train a model on a folder of art")
    {
        Add(folder);
        model.Required = true;
        Add(model);
        art = new ArtOptions(this, withSize: true);
        flags = new TrainingFlags(this);
        Add(run);
        Add(resume);
        device = new DeviceOptions(this, tunes: true);
        SetAction(Run);
    }

    private void Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
        string modelFile = parsed.GetRequiredValue(model)!;
        string runFolder = parsed.GetValue(run) ?? Path.ChangeExtension(modelFile, null) + "-run";
        bool resumed = parsed.GetValue(resume);
        TrainingOptions options = flags.Options(parsed);
        ArtSet set = ArtSource.Load(parsed.GetRequiredValue(folder), art.Import(parsed), out ImportReport? report);
        output.WriteLine(ArtSource.Describe(set, report));
        using GpuDevice gpu = device.Open(parsed);
        output.WriteLine(resumed ? $"Resuming on {gpu.Info.Name}, with the options that the run was started with." : $"Training on {gpu.Info.Name}.");
        if (!resumed && flags.LengthIsDefault(parsed))
            output.WriteLine($"It takes {options.Minutes} minutes; give --minutes, --epochs or --steps for another length.");
        using var interruption = new Interruption(error);
        try
        {
            ProgressDisplay.Run(
                error, show => VaeTraining.Run(gpu, set, options, modelFile, runFolder, resumed, show, interruption.Token));
        }
        catch (OperationCanceledException e)
        {
            string advice = $"Stopped; the work is saved in {runFolder}. Continue with:\n  {ResumeLine(parsed)}";
            throw new OperationCanceledException(advice, e);
        }

        output.WriteLine($"Model: {modelFile}");
        output.WriteLine($"Run folder: {runFolder}");
        if (TrainingStats.Read(Path.Combine(runFolder, "stats.jsonl")).HeldOut is { } figures)
        {
            string kl = figures.Kl == null ? "" : $", KL {figures.Kl:F1} nats";
            string active = figures.ActiveUnits == null ? "" : $", {figures.ActiveUnits} of {figures.Units} latent units active";
            output.WriteLine($"Held-out images: reconstruction {figures.Reconstruction:F1} nats{kl}, PSNR {figures.Psnr:F2} dB{active}");
        }

        output.WriteLine($"Peak memory: {Format.PeakMemory(gpu)}");
    }

    private static string ResumeLine(ParseResult parsed)
    {
        IEnumerable<string> words = parsed.Tokens.Select(t => t.Value).Where(t => t != "--resume");
        return $"./{CommandLine.Name} {string.Join(" ", words.Select(w => w.Any(char.IsWhiteSpace) ? $"'{w}'" : w))} --resume";
    }
}

using System;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>The whole way once, on art that the machine has.</summary>
internal sealed class DemoCommand : Command
{
    private readonly Option<double> minutes = OptionOf.Value("--minutes", "M", "How long to train", OptionOf.NumberAbove(0), 2.0);
    private readonly Option<string> folder = OptionOf.Text("--out", "DIR", "Where everything goes", "demo");
    private readonly Option<ulong> seed = SeedOption.Create();
    private readonly DeviceOptions device;

    public DemoCommand()
        : base("demo", "Train on art that this machine has, and leave pictures and a page to look at")
    {
        foreach (Option option in (Option[])[minutes, folder, seed])
            Add(option);
        device = new DeviceOptions(this, tunes: true);
        SetAction(Run);
    }

    private void Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
        var watch = Stopwatch.StartNew();
        using GpuDevice gpu = device.Open(parsed);
        DemoArt art = DemoArt.Find();
        if (!art.IsReal)
            output.WriteLine("No art package is installed (apt-get install famfamfam-silk brings one), so the demo draws its own.");
        output.WriteLine($"Art: {art.Name}, {art.Images.Images.Count} images of {art.Images.Width}×{art.Images.Height}");
        output.WriteLine($"Training on {gpu.Info.Name} for {parsed.GetValue(minutes)} minutes.");
        var options = new TrainingOptions { Minutes = parsed.GetValue(minutes) };
        var demo = new Demo(parsed.GetRequiredValue(folder), art, parsed.GetValue(seed));
        using var interruption = new Interruption(error);
        VaeModel model;
        try
        {
            model = ProgressDisplay.Run(error, show => demo.Train(gpu, options, show, interruption.Token));
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException("Stopped. The next demo starts anew.", e);
        }

        using var session = new ModelSession(gpu, model);
        HtmlFigure[] figures =
        [
            new("Time", Format.Duration(watch.Elapsed)), new("Device", gpu.Info.Name), new("Peak memory", Format.PeakMemory()),
        ];
        foreach (string file in demo.Show(session, options.HeldOutFraction, figures))
            output.WriteLine($"  {file}");
        output.WriteLine($"Done in {Format.Duration(watch.Elapsed)}; peak memory {Format.PeakMemory(gpu)}.");
        output.WriteLine($"Open {Path.Combine(parsed.GetRequiredValue(folder), Demo.PageName)} in a browser.");
    }
}

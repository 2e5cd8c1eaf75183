using System;
using System.Collections.Generic;
using System.IO;
using Spectre.Console;
using Spectre.Console.Rendering;
using VaeProcgen.Editor.Training;

namespace VaeProcgen.Editor.Cli;

/// <summary>Shows how a training goes on: one living line in a terminal, plain lines now and then elsewhere.</summary>
internal static class ProgressDisplay
{
    /// <param name="error">Where to show it: what a command makes goes to the standard output, and nothing else does.</param>
    /// <param name="work">Runs, and reports.</param>
    public static T Run<T>(TextWriter error, Func<Action<TrainingProgress>, T> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        bool terminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        if (terminal && console.Profile.Capabilities is { Ansi: true, Interactive: true })
            return console.Progress().AutoClear(false).Columns(new FiguresColumn()).Start(context => work(new Live(console, context).Show));
        return work(new PlainProgress(error, TimeProvider.System).Show);
    }

    /// <summary>One line: phase, steps, speed, time left and losses, as far as the phase has them.</summary>
    public static string Describe(TrainingProgress p)
    {
        string text = p.Total > 0 ? $"{p.Phase} {p.Step}/{p.Total}" : p.Phase;
        if (p.ImagesPerSecond > 0)
            text += $"  {p.ImagesPerSecond:F0} {(p.Phase == "prior" ? "latents" : "images")}/s  {Format.Duration(p.Remaining)} left";
        if (p.Phase == "training")
            text += $"  recon {p.Reconstruction:F1}{(p.Kl is { } kl ? $" KL {kl:F1}" : "")} nats  PSNR {p.Psnr:F1}";
        else if (p.Phase == "features")
            text += $"  recon {p.Reconstruction:F1} nats  PSNR {p.Psnr:F1}";
        else if (p.Phase == "prior")
            text += $"  loss {p.Reconstruction:F3}";
        return text;
    }

    private sealed class Live(IAnsiConsole console, ProgressContext context)
    {
        private readonly Dictionary<string, ProgressTask> tasks = [];

        public void Show(TrainingProgress p)
        {
            if (p.Warning is { } warning)
                console.WriteLine($"Warning: {warning}");
            if (!tasks.TryGetValue(p.Phase, out ProgressTask? task))
            {
                foreach (ProgressTask earlier in tasks.Values)
                    earlier.StopTask();
                tasks.Add(p.Phase, task = context.AddTask(p.Phase));
            }

            task.MaxValue = Math.Max(1, p.Total);
            task.Description = Describe(p);
            task.Value = p.Step;
        }
    }

    /// <summary>The whole line in one column, with a bar before it where the terminal is wide enough.</summary>
    private sealed class FiguresColumn : ProgressColumn
    {
        private const int WidestBar = 20;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            int width = Math.Clamp(options.ConsoleSize.Width - task.Description.Length - 3, 0, WidestBar);
            int done = (int)(width * task.Percentage / 100);
            return new Markup($"[blue]{new string('━', done)}[/][grey]{new string('━', width - done)}[/] {Markup.Escape(task.Description)}");
        }
    }
}

/// <summary>Progress for a file or a pipe: a line when a phase begins and every ten seconds, with no control characters.</summary>
public sealed class PlainProgress(TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private string phase = "";
    private long shown;

    public void Show(TrainingProgress p)
    {
        if (p.Warning is { } warning)
            output.WriteLine($"Warning: {warning}");
        if (p.Phase == phase && time.GetElapsedTime(shown) < Interval && (p.Step < p.Total || p.Total == 0))
            return;
        (phase, shown) = (p.Phase, time.GetTimestamp());
        output.WriteLine(ProgressDisplay.Describe(p));
    }
}

using System;
using System.CommandLine;
using VaeProcgen.Editor.Cli.Commands;

namespace VaeProcgen.Editor.Cli;

/// <summary>The command-line tool.</summary>
public static class Program
{
    public static int Main(string[] args) => CommandLine.Run(Commands(), args, Console.Out, Console.Error);

    /// <summary>Every command of the tool, in the order of its help; a new one is one more line.</summary>
    public static Command[] Commands() =>
    [
        new DemoCommand(),
        new InspectCommand(),
        new TrainCommand(),
        new SampleCommand(),
        new ReconstructCommand(),
        new BlendCommand(),
        new TraverseCommand(),
        new EvaluateCommand(),
        new AttributesCommand(),
        new ClusterCommand(),
        new OutliersCommand(),
        new ProbeCommand(),
        new NeighboursCommand(),
        new ExportCommand(),
        new InfoCommand(),
        new BenchCommand(),
        new ProfileCommand(),
        new VerifyGradientsCommand(),
    ];
}

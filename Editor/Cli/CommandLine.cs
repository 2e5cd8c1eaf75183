using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Editor.Cli;

/// <summary>What a run of the tool ends with.</summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>Something outside the tool is not as it must be; the message says what.</summary>
    public const int Failure = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C: 128 + SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;
}

/// <summary>Parses and runs a command line, and turns what goes wrong into a message and an <see cref="ExitCode"/>.</summary>
public static class CommandLine
{
    public const string Name = "vae";

    public static int Run(IEnumerable<Command> commands, IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var root = new Command(Name, "VaeProcgen learns a game's art and makes more of it.") { new HelpOption(), new VersionOption() };
        foreach (Command command in commands)
        {
            command.Validators.Add(RefuseUnknownOptions);
            root.Add(command);
        }

        ParseResult parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction mistakes)
            mistakes.ShowHelp = false;
        try
        {
            // The default handler would print stack traces, and end a training two seconds after Ctrl-C.
            int code = parsed.Invoke(new InvocationConfiguration
            {
                Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
            });
            if (parsed.Action is not ParseErrorAction)
                return code;
            string command = parsed.CommandResult.Command == root ? Name : $"{Name} {parsed.CommandResult.Command.Name}";
            error.WriteLine($"See ./{command} --help.");
            return ExitCode.Usage;
        }
        catch (OperationCanceledException e)
        {
            error.WriteLine(e.Message);
            return ExitCode.Cancelled;
        }
        catch (Exception e) when (Explain(e) is { } message)
        {
            error.WriteLine($"{Name}: {message}");
            return ExitCode.Failure;
        }
    }

    /// <summary>A slip such as --cuont would else be taken for an argument, say the name of an image.</summary>
    private static void RefuseUnknownOptions(CommandResult result)
    {
        IEnumerable<SymbolResult> takers = result.Children
            .Where(child => child is ArgumentResult or OptionResult { Option.AllowMultipleArgumentsPerToken: true });
        foreach (Token token in takers.SelectMany(taker => taker.Tokens))
        {
            if (token.Value.StartsWith("--", StringComparison.Ordinal))
                result.AddError($"There is no option '{token.Value}'.");
        }
    }

    /// <summary>What to tell a person about an error that is theirs to mend; null for one that is ours.</summary>
    public static string? Explain(Exception e) => e switch
    {
        GpuException or ModelFileException or ArtImportException or ImageFormatException or TrainingException => e.Message,
        IOException or UnauthorizedAccessException => e.Message,
        ArgumentException => e.Message.Split(" (Parameter '")[0],
        AggregateException { InnerException: { } first } => Explain(first),   // of a loop in parallel
        _ => null,
    };
}

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using NUnit.Framework;
using VaeProcgen.Editor.Cli;

namespace VaeProcgen.Tests.Cli;

/// <summary>What a run of the tool gave.</summary>
internal sealed record ToolResult(int Code, string Output, string Error);

/// <summary>Runs the tool's command line, in this process or in one of its own.</summary>
internal static class Tool
{
    public static ToolResult Run(params string[] args) => Run(Editor.Cli.Program.Commands(), args);

    public static ToolResult Run(IEnumerable<Command> commands, params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(commands, args, output, error);
        Assert.That(error.ToString(), Does.Not.Contain("Validation: "), "what the validation layer said");
        return new ToolResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts the tool as its own process, with its output and errors redirected.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        // A shell's background jobs ignore Ctrl-C, and so would the tool, were it not told otherwise.
        string[] command = [.. OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : Array.Empty<string>(), "dotnet", "exec", typeof(Editor.Cli.Program).Assembly.Location, .. args];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}

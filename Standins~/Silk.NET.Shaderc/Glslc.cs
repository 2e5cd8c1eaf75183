using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace Silk.NET.Shaderc;

/// <summary>The glslc program: a file of source in, a file of SPIR-V and messages out.</summary>
internal static class Glslc
{
    private static readonly string ProgramName = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "glslc.exe" : "glslc";

    /// <exception cref="FileNotFoundException">glslc is in no folder of PATH.</exception>
    public static string Find()
    {
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator).Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, ProgramName)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"{ProgramName} is in no folder of PATH, and this build's Silk.NET.Shaderc runs it. Install it (Debian and Ubuntu: the " +
                "package glslc; elsewhere: the Vulkan SDK), or build with the NuGet packages (-p:VaeBindings=nuget).", ProgramName);
    }

    /// <summary>Compiles; the messages name the source as <paramref name="fileName"/>.</summary>
    public static Outcome Compile(string program, byte[] source, string stage, string fileName, string entryPoint, Options options)
    {
        string folder = Path.Combine(Path.GetTempPath(), "shaderc-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            string input = Path.Combine(folder, "source.glsl");
            string output = Path.Combine(folder, "module.spv");
            File.WriteAllBytes(input, source);
            List<string> arguments = new() { "-fshader-stage=" + stage, "-fentry-point=" + entryPoint };
            arguments.AddRange(options.Arguments());
            arguments.AddRange(new[] { "-o", output, input });
            (int exitCode, string text) = Run(program, arguments);
            string[] messages = text.Replace(input, fileName).Split('\n').Select(line => line.TrimEnd('\r'))
                .Where(line => line.Length > 0 && !line.EndsWith(" generated.", StringComparison.Ordinal)).ToArray();
            return new Outcome(
                exitCode == 0 ? CompilationStatus.Success : CompilationStatus.CompilationError,
                exitCode == 0 ? File.ReadAllBytes(output) : Array.Empty<byte>(),
                string.Concat(messages.Select(line => line + "\n")),
                messages.Count(line => line.Contains(": warning:")),
                messages.Count(line => line.Contains(": error:")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int ExitCode, string Messages) Run(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}

/// <summary>What a compilation gave.</summary>
internal sealed record Outcome(CompilationStatus Status, byte[] Bytes, string Messages, int Warnings, int Errors);

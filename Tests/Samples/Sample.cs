using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace VaeProcgen.Tests.Samples;

/// <summary>What a run of a sample gave.</summary>
internal sealed record SampleResult(int Code, string Output, string Error);

/// <summary>Runs a sample as its own process, as a reader of its page would.</summary>
internal static class Sample
{
    /// <param name="name">Of the assembly, which the build puts beside the tests.</param>
    public static SampleResult Run(string name, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new SampleResult(process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}

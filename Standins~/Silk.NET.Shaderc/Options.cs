using System.Collections.Generic;

namespace Silk.NET.Shaderc;

/// <summary>What lies behind a <see cref="CompileOptions"/> pointer, and how glslc is told of it.</summary>
internal sealed record Options
{
    public string TargetEnvironment { get; set; } = "vulkan";
    public string? TargetSpirv { get; set; }
    public OptimizationLevel Optimization { get; set; }
    public bool WarningsAsErrors { get; set; }
    public bool SuppressWarnings { get; set; }
    public bool DebugInfo { get; set; }
    public List<string> Macros { get; init; } = new();

    public Options Copy() => this with { Macros = new List<string>(Macros) };

    public IEnumerable<string> Arguments()
    {
        yield return "--target-env=" + TargetEnvironment;
        if (TargetSpirv is not null)
        {
            yield return "--target-spv=" + TargetSpirv;
        }
        yield return Optimization switch
        {
            OptimizationLevel.Size => "-Os",
            OptimizationLevel.Performance => "-O",
            _ => "-O0",
        };
        if (WarningsAsErrors)
        {
            yield return "-Werror";
        }
        if (SuppressWarnings)
        {
            yield return "-w";
        }
        if (DebugInfo)
        {
            yield return "-g";
        }
        foreach (string macro in Macros)
        {
            yield return "-D" + macro;
        }
    }
}

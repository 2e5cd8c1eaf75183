using System;
using System.Text;

namespace Silk.NET.Shaderc;

public unsafe partial class Shaderc
{
    public CompileOptions* CompileOptionsInitialize() => (CompileOptions*)Handle.New(new Options());

    public CompileOptions* CompileOptionsClone(CompileOptions* options) =>
        (CompileOptions*)Handle.New(options == null ? new Options() : OptionsOf(options).Copy());

    public void CompileOptionsRelease(CompileOptions* options) => Handle.Free(options);

    public void CompileOptionsAddMacroDefinition(
        CompileOptions* options, byte* name, nuint name_length, byte* value, nuint value_length) =>
        Define(options, Text(name, name_length), value == null ? null : Text(value, value_length));

    public void CompileOptionsAddMacroDefinition(
        CompileOptions* options, string name, nuint name_length, string? value, nuint value_length) =>
        Define(options, First(name, name_length), value is null ? null : First(value, value_length));

    public void CompileOptionsSetOptimizationLevel(CompileOptions* options, OptimizationLevel level) =>
        OptionsOf(options).Optimization = level;

    public void CompileOptionsSetWarningsAsErrors(CompileOptions* options) => OptionsOf(options).WarningsAsErrors = true;

    public void CompileOptionsSetSuppressWarnings(CompileOptions* options) => OptionsOf(options).SuppressWarnings = true;

    public void CompileOptionsSetGenerateDebugInfo(CompileOptions* options) => OptionsOf(options).DebugInfo = true;

    /// <exception cref="ArgumentException">Not GLSL, which is all that this stand-in compiles.</exception>
    public void CompileOptionsSetSourceLanguage(CompileOptions* options, SourceLanguage lang)
    {
        if (lang != SourceLanguage.Glsl)
        {
            throw Unsupported(nameof(lang), nameof(SourceLanguage.Glsl), lang);
        }
    }

    /// <exception cref="ArgumentException">Not Vulkan 1.0 to 1.3 (version 0 is 1.0).</exception>
    public void CompileOptionsSetTargetEnv(CompileOptions* options, TargetEnv target, uint version)
    {
        if (target != TargetEnv.Vulkan)
        {
            throw Unsupported(nameof(target), nameof(TargetEnv.Vulkan), target);
        }
        OptionsOf(options).TargetEnvironment = version switch
        {
            0 or (uint)EnvVersion.Vulkan10 => "vulkan1.0",
            (uint)EnvVersion.Vulkan11 => "vulkan1.1",
            (uint)EnvVersion.Vulkan12 => "vulkan1.2",
            (uint)EnvVersion.Vulkan13 => "vulkan1.3",
            _ => throw Unsupported(nameof(version), "a value of EnvVersion for Vulkan", version),
        };
    }

    public void CompileOptionsSetTargetSpirv(CompileOptions* options, SpirvVersion version) =>
        OptionsOf(options).TargetSpirv = $"spv{((uint)version >> 16) & 0xFF}.{((uint)version >> 8) & 0xFF}";

    private static Options OptionsOf(CompileOptions* options) => Handle.Get<Options>(options);

    private static void Define(CompileOptions* options, string name, string? value) =>
        OptionsOf(options).Macros.Add(value is null ? name : name + "=" + value);

    private static string First(string text, nuint length) => text.Substring(0, Math.Min(text.Length, (int)length));

    private static string Text(byte* text, nuint length) => Encoding.UTF8.GetString(text, (int)length);

    private static ArgumentException Unsupported(string parameter, string expected, object found) => new(
        $"This stand-in of Silk.NET.Shaderc supports {expected} only; found {found}. Build with the NuGet packages " +
        "(-p:VaeBindings=nuget) for the rest.", parameter);
}

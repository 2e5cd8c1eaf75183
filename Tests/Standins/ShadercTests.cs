using NUnit.Framework;
using Silk.NET.Core.Native;
using Silk.NET.Shaderc;

namespace VaeProcgen.Tests.Standins;

/// <summary>What the project counts on in shaderc.</summary>
public sealed unsafe class ShadercTests
{
    private const string Fill = "layout(local_size_x = WIDTH) in;\nlayout(binding = 0) buffer X { float x[]; };\n" +
        "void main() { x[gl_GlobalInvocationID.x] = 1.0; }\n";

    [Test]
    public void AShaderBecomesSpirv()
    {
        (CompilationStatus status, uint magic, string message) = Compile("#version 450\n" + Fill, warningsAsErrors: true);
        Assert.That(message, Is.Empty);
        Assert.That(status, Is.EqualTo(CompilationStatus.Success));
        Assert.That(magic, Is.EqualTo(0x07230203u));
    }

    [Test]
    public void AnErrorNamesTheFileAndTheLine()
    {
        (CompilationStatus status, _, string message) = Compile("#version 450\n" + Fill.Replace("1.0", "y"), warningsAsErrors: false);
        Assert.That(status, Is.EqualTo(CompilationStatus.CompilationError));
        Assert.That(message, Does.StartWith("fill.comp:4: error: 'y'"));
    }

    private static (CompilationStatus Status, uint Magic, string Message) Compile(string text, bool warningsAsErrors)
    {
        Shaderc shaderc = Shaderc.GetApi();
        Compiler* compiler = shaderc.CompilerInitialize();
        CompileOptions* options = shaderc.CompileOptionsInitialize();
        shaderc.CompileOptionsSetTargetEnv(options, TargetEnv.Vulkan, (uint)EnvVersion.Vulkan12);
        shaderc.CompileOptionsSetOptimizationLevel(options, OptimizationLevel.Performance);
        shaderc.CompileOptionsAddMacroDefinition(options, "WIDTH", 5, "64", 2);
        if (warningsAsErrors)
        {
            shaderc.CompileOptionsSetWarningsAsErrors(options);
        }
        CompilationResult* result = shaderc.CompileIntoSpv(
            compiler, text, (nuint)text.Length, ShaderKind.ComputeShader, "fill.comp", "main", options);
        try
        {
            uint magic = shaderc.ResultGetLength(result) >= 4 ? *(uint*)shaderc.ResultGetBytes(result) : 0;
            string message = SilkMarshal.PtrToString((nint)shaderc.ResultGetErrorMessage(result))!;
            return (shaderc.ResultGetCompilationStatus(result), magic, message);
        }
        finally
        {
            shaderc.ResultRelease(result);
            shaderc.CompileOptionsRelease(options);
            shaderc.CompilerRelease(compiler);
        }
    }
}

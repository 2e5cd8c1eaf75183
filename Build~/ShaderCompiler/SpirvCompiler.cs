using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Silk.NET.Shaderc;

namespace VaeProcgen.ShaderCompiler;

/// <summary>GLSL to SPIR-V through shaderc; warnings are errors.</summary>
internal sealed unsafe class SpirvCompiler : IDisposable
{
    private readonly Shaderc shaderc = Shaderc.GetApi();
    private readonly Compiler* compiler;

    public SpirvCompiler() => compiler = shaderc.CompilerInitialize();

    /// <exception cref="InvalidDataException">The kernel does not compile; the message is the compiler's.</exception>
    public byte[] Compile(KernelSource kernel, IReadOnlyList<(string Macro, string Value)> macros) =>
        Compile(kernel.Path, kernel.Text, ShaderKind.ComputeShader, macros);

    /// <exception cref="InvalidDataException">The shader does not compile; the message is the compiler's.</exception>
    public byte[] Compile(string path, string glsl, ShaderKind kind, IReadOnlyList<(string Macro, string Value)> macros)
    {
        CompileOptions* options = shaderc.CompileOptionsInitialize();
        CompilationResult* result = null;
        try
        {
            shaderc.CompileOptionsSetTargetEnv(options, TargetEnv.Vulkan, (uint)EnvVersion.Vulkan12);
            shaderc.CompileOptionsSetOptimizationLevel(options, OptimizationLevel.Performance);
            shaderc.CompileOptionsSetWarningsAsErrors(options);
            foreach ((string macro, string value) in macros)
            {
                byte[] name = Encoding.UTF8.GetBytes(macro), text = Encoding.UTF8.GetBytes(value);
                fixed (byte* n = name, t = text)
                    shaderc.CompileOptionsAddMacroDefinition(options, n, (nuint)name.Length, t, (nuint)text.Length);
            }

            byte[] source = Encoding.UTF8.GetBytes(glsl), file = Terminated(path), entry = Terminated("main");
            fixed (byte* s = source, f = file, e = entry)
                result = shaderc.CompileIntoSpv(compiler, s, (nuint)source.Length, kind, f, e, options);
            if (shaderc.ResultGetCompilationStatus(result) != CompilationStatus.Success)
                throw new InvalidDataException($"{path} ({string.Join(", ", macros)}):\n{ReadText(shaderc.ResultGetErrorMessage(result))}");
            return new ReadOnlySpan<byte>(shaderc.ResultGetBytes(result), checked((int)shaderc.ResultGetLength(result))).ToArray();
        }
        finally
        {
            if (result != null)
                shaderc.ResultRelease(result);
            shaderc.CompileOptionsRelease(options);
        }
    }

    public void Dispose() => shaderc.CompilerRelease(compiler);

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static string ReadText(byte* text)
    {
        int length = 0;
        while (text[length] != 0)
            length++;
        return Encoding.UTF8.GetString(text, length);
    }
}

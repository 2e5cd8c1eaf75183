using System;
using System.Runtime.InteropServices;
using System.Text;
using Silk.NET.Core.Contexts;
using Silk.NET.Core.Native;

namespace Silk.NET.Shaderc;

/// <summary>The shaderc API, of which the compiling is done by the glslc program.</summary>
public unsafe partial class Shaderc : NativeAPI
{
    private readonly string _program;

    /// <exception cref="System.IO.FileNotFoundException">glslc is not installed.</exception>
    public Shaderc(INativeContext ctx) : base(ctx) => _program = Glslc.Find();

    /// <exception cref="System.IO.FileNotFoundException">glslc is not installed.</exception>
    public static Shaderc GetApi() => new(new LamdaNativeContext(_ => 0));

    public Compiler* CompilerInitialize() => (Compiler*)Handle.New(new object());

    public void CompilerRelease(Compiler* arg0) => Handle.Free(arg0);

    public CompilationResult* CompileIntoSpv(
        Compiler* compiler, byte* source_text, nuint source_text_size, ShaderKind shader_kind,
        byte* input_file_name, byte* entry_point_name, CompileOptions* additional_options) =>
        Compile(new ReadOnlySpan<byte>(source_text, (int)source_text_size).ToArray(), shader_kind,
            SilkMarshal.PtrToString((nint)input_file_name)!, SilkMarshal.PtrToString((nint)entry_point_name)!, additional_options);

    public CompilationResult* CompileIntoSpv(
        Compiler* compiler, string source_text, nuint source_text_size, ShaderKind shader_kind,
        string input_file_name, string entry_point_name, CompileOptions* additional_options) =>
        Compile(Encoding.UTF8.GetBytes(source_text).AsSpan(0, (int)source_text_size).ToArray(), shader_kind,
            input_file_name, entry_point_name, additional_options);

    public CompilationStatus ResultGetCompilationStatus(CompilationResult* arg0) => ResultOf(arg0).Outcome.Status;

    public nuint ResultGetLength(CompilationResult* result) => (nuint)ResultOf(result).Outcome.Bytes.Length;

    /// <summary>The SPIR-V, valid until the result is released.</summary>
    public byte* ResultGetBytes(CompilationResult* result) => (byte*)ResultOf(result).Bytes;

    public nuint ResultGetNumWarnings(CompilationResult* result) => (nuint)ResultOf(result).Outcome.Warnings;

    public nuint ResultGetNumErrors(CompilationResult* result) => (nuint)ResultOf(result).Outcome.Errors;

    /// <summary>Warnings and errors, a line each, valid until the result is released.</summary>
    public byte* ResultGetErrorMessage(CompilationResult* result) => (byte*)ResultOf(result).Messages;

    public string ResultGetErrorMessageS(CompilationResult* result) => ResultOf(result).Outcome.Messages;

    public void ResultRelease(CompilationResult* result)
    {
        ResultOf(result).Free();
        Handle.Free(result);
    }

    private CompilationResult* Compile(byte[] source, ShaderKind kind, string fileName, string entryPoint, CompileOptions* options)
    {
        Options chosen = options == null ? new Options() : OptionsOf(options);
        string? stage = kind switch
        {
            ShaderKind.VertexShader => "vertex",
            ShaderKind.FragmentShader => "fragment",
            ShaderKind.ComputeShader => "compute",
            _ => null,
        };
        Outcome outcome = stage is null
            ? new Outcome(CompilationStatus.InvalidStage, Array.Empty<byte>(),
                $"{fileName}: error: expected a vertex, fragment or compute shader, found {kind}\n", 0, 1)
            : Glslc.Compile(_program, source, stage, fileName, entryPoint, chosen);
        return (CompilationResult*)Handle.New(new Result(outcome));
    }

    private static Result ResultOf(CompilationResult* result) => Handle.Get<Result>(result);

    /// <summary>An outcome and its copies in native memory.</summary>
    private sealed class Result
    {
        public Result(Outcome outcome)
        {
            Outcome = outcome;
            Messages = SilkMarshal.StringToPtr(outcome.Messages);
            Bytes = SilkMarshal.Allocate(Math.Max(outcome.Bytes.Length, 1));
            Marshal.Copy(outcome.Bytes, 0, Bytes, outcome.Bytes.Length);
        }

        public Outcome Outcome { get; }

        public nint Messages { get; }

        public nint Bytes { get; }

        public void Free()
        {
            SilkMarshal.Free(Messages);
            SilkMarshal.Free(Bytes);
        }
    }

    /// <summary>Managed objects behind opaque pointers.</summary>
    private static class Handle
    {
        public static nint New(object held) => GCHandle.ToIntPtr(GCHandle.Alloc(held));

        public static T Get<T>(void* handle) => (T)GCHandle.FromIntPtr((nint)handle).Target!;

        public static void Free(void* handle)
        {
            if (handle != null)
            {
                GCHandle.FromIntPtr((nint)handle).Free();
            }
        }
    }
}

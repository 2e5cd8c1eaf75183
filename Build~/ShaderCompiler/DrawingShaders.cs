using System;
using System.IO;
using Silk.NET.Shaderc;

namespace VaeProcgen.ShaderCompiler;

/// <summary>The .vert and .frag files of a folder, each to a file of SPIR-V with the same name and .spv: for samples that draw.</summary>
internal static class DrawingShaders
{
    /// <returns>The exit code: 1 where a shader does not compile.</returns>
    public static int Compile(string folder, string outputFolder)
    {
        Directory.CreateDirectory(outputFolder);
        using var compiler = new SpirvCompiler();
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            if (KindOf(path) is not { } kind)
                continue;
            try
            {
                byte[] spirv = compiler.Compile(path, File.ReadAllText(path), kind, []);
                File.WriteAllBytes(Path.Combine(outputFolder, Path.GetFileName(path) + ".spv"), spirv);
            }
            catch (InvalidDataException e)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        }

        return 0;
    }

    private static ShaderKind? KindOf(string path) => Path.GetExtension(path) switch
    {
        ".vert" => ShaderKind.VertexShader,
        ".frag" => ShaderKind.FragmentShader,
        _ => null,
    };
}

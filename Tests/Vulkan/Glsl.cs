using System;
using System.Diagnostics;
using System.IO;

namespace VaeProcgen.Tests.Vulkan;

/// <summary>Compiles a compute shader at test time with glslc.</summary>
internal static class Glsl
{
    public static byte[] Compile(string source)
    {
        var spirv = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("glslc", ["-fshader-stage=compute", "--target-env=vulkan1.2", "-Werror", "-o", spirv, "-"])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
            };
            using var compiler = Process.Start(start)!;
            compiler.StandardInput.Write(source);
            compiler.StandardInput.Close();
            var errors = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? File.ReadAllBytes(spirv) : throw new InvalidOperationException($"glslc: {errors}");
        }
        finally
        {
            File.Delete(spirv);
        }
    }
}

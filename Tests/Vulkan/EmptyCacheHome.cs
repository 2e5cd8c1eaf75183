using System;
using System.IO;

namespace VaeProcgen.Tests.Vulkan;

/// <summary>While it lives, what is remembered between runs goes into an empty folder.</summary>
internal sealed class EmptyCacheHome : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vaeprocgen-");
    private readonly EnvironmentVariable variable;

    public EmptyCacheHome() => variable = new EnvironmentVariable("XDG_CACHE_HOME", folder.FullName);

    public string FullName => folder.FullName;

    /// <summary>What was remembered.</summary>
    public FileInfo[] Files => folder.GetFiles("*", SearchOption.AllDirectories);

    public void Dispose()
    {
        variable.Dispose();
        folder.Delete(recursive: true);
    }
}

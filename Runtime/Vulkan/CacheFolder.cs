using System;
using System.IO;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>Where files lie that only save time: under <c>XDG_CACHE_HOME</c>, or the user's local application data.</summary>
internal static class CacheFolder
{
    /// <summary>A file of a kind; null where the user has no such folder.</summary>
    public static string? FileIn(string kind, string name)
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        root = string.IsNullOrEmpty(root) ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) : root;
        return string.IsNullOrEmpty(root) ? null : Path.Combine(root, "VaeProcgen", kind, name);
    }
}

using System;
using System.IO;

namespace Silk.NET.Core.Contexts;

/// <summary>The exports of a shared library: of the first of the names that the system finds.</summary>
public sealed class DefaultNativeContext : INativeContext
{
    private readonly nint _library;

    public DefaultNativeContext(string name) : this(new[] { name })
    {
    }

    /// <exception cref="FileNotFoundException">None of the names is found.</exception>
    public DefaultNativeContext(string[] names)
    {
        foreach (string name in names)
        {
            if ((_library = NativeLoader.Open(name)) != 0)
            {
                return;
            }
        }
        throw new FileNotFoundException(
            $"Could not load a shared library: tried {string.Join(", ", names)} on the system's search path and found none. " +
            "Install the package that holds one of them.", names.Length > 0 ? names[0] : null);
    }

    public static bool TryCreate(string name, out DefaultNativeContext? context)
    {
        try
        {
            context = new DefaultNativeContext(name);
            return true;
        }
        catch (FileNotFoundException)
        {
            context = null;
            return false;
        }
    }

    public nint GetProcAddress(string proc, int? slot = default) => TryGetProcAddress(proc, out nint addr, slot)
        ? addr
        : throw new EntryPointNotFoundException($"The library has no function {proc}.");

    public bool TryGetProcAddress(string proc, out nint addr, int? slot = default) =>
        (addr = NativeLoader.Find(_library, proc)) != 0;

    /// <summary>Leaves the library loaded: driver threads may still run its code.</summary>
    public void Dispose()
    {
    }
}

using System;

namespace Silk.NET.Core.Contexts;

/// <summary>Several contexts, asked in order.</summary>
public class MultiNativeContext : INativeContext
{
    public MultiNativeContext(params INativeContext?[] contexts) => Contexts = contexts;

    public INativeContext?[] Contexts { get; set; }

    public nint GetProcAddress(string proc, int? slot = default) => TryGetProcAddress(proc, out nint addr, slot)
        ? addr
        : throw new EntryPointNotFoundException($"There is no function {proc}: is its version or extension enabled?");

    public bool TryGetProcAddress(string proc, out nint addr, int? slot = default)
    {
        foreach (INativeContext? context in Contexts)
        {
            if (context is not null && context.TryGetProcAddress(proc, out addr, slot))
            {
                return true;
            }
        }
        addr = 0;
        return false;
    }

    public void Dispose()
    {
        foreach (INativeContext? context in Contexts)
        {
            context?.Dispose();
        }
    }
}

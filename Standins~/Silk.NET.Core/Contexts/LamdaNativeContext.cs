using System;

namespace Silk.NET.Core.Contexts;

/// <summary>Functions found by a delegate, which gives 0 where there is none.</summary>
public readonly struct LamdaNativeContext : INativeContext
{
    private readonly Func<string, nint> _getProcAddress;

    public LamdaNativeContext(Func<string, nint> getProcAddress) => _getProcAddress = getProcAddress;

    public nint GetProcAddress(string proc, int? slot = default) => TryGetProcAddress(proc, out nint addr, slot)
        ? addr
        : throw new EntryPointNotFoundException($"There is no function {proc}: is its extension enabled?");

    public bool TryGetProcAddress(string proc, out nint addr, int? slot = default) => (addr = _getProcAddress(proc)) != 0;

    public void Dispose()
    {
    }
}

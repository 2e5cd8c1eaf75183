using System;

namespace Silk.NET.Core.Contexts;

/// <summary>Where the addresses of native functions come from.</summary>
public interface INativeContext : IDisposable
{
    nint GetProcAddress(string proc, int? slot = default);
    bool TryGetProcAddress(string proc, out nint addr, int? slot = default);
}

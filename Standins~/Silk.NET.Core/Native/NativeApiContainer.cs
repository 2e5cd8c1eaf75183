using System;
using Silk.NET.Core.Contexts;

namespace Silk.NET.Core.Native;

/// <summary>A set of native functions: each is looked up when it is first called.</summary>
public abstract class NativeApiContainer : IDisposable
{
    private readonly INativeContext _context;

    protected NativeApiContainer(INativeContext ctx) => _context = ctx;

    public void Dispose()
    {
        _context.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected INativeContext Source => _context;

    /// <summary>The address in the slot, found now when the slot is empty (two threads find the same one).</summary>
    protected nint Load(ref nint slot, string entryPoint) => slot != 0 ? slot : slot = _context.GetProcAddress(entryPoint);
}

using Silk.NET.Core.Contexts;

namespace Silk.NET.Core.Native;

/// <summary>The functions of one extension of the library <typeparamref name="T"/>.</summary>
public abstract class NativeExtension<T> : NativeApiContainer where T : NativeAPI
{
    protected NativeExtension(INativeContext ctx) : base(ctx)
    {
    }
}

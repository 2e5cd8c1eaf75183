using Silk.NET.Core.Contexts;

namespace Silk.NET.Core.Native;

/// <summary>A native library's functions.</summary>
public abstract class NativeAPI : NativeApiContainer
{
    protected NativeAPI(INativeContext ctx) : base(ctx)
    {
    }

    public INativeContext Context => Source;
}

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>What a kernel declares at a binding of descriptor set 0.</summary>
public enum BindingKind
{
    /// <summary>A read-only <c>samplerBuffer</c> / <c>textureBuffer</c>, viewed as RGBA32F texels of 16 bytes.</summary>
    TexelRead,

    /// <summary>A storage buffer, read or written.</summary>
    Storage,
}

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>The device or the host has no memory left for what was asked.</summary>
public sealed class OutOfGpuMemoryException : GpuException
{
    /// <inheritdoc cref="GpuException(string, int, string, string)"/>
    public OutOfGpuMemoryException(string message, int resultCode, string call, string resource)
        : base(message, resultCode, call, resource)
    {
    }
}

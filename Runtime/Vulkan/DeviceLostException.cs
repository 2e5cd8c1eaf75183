namespace VaeProcgen.Runtime.Vulkan;

/// <summary>The device stopped answering: everything on it is gone, and a new <see cref="GpuDevice"/> is needed.</summary>
public sealed class DeviceLostException : GpuException
{
    /// <inheritdoc cref="GpuException(string, int, string, string)"/>
    public DeviceLostException(string message, int resultCode, string call, string resource)
        : base(message, resultCode, call, resource)
    {
    }
}

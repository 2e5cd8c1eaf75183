namespace VaeProcgen.Runtime.Vulkan;

/// <summary>Where the memory of a <see cref="GpuBuffer"/> lies.</summary>
public enum MemoryKind
{
    /// <summary>Memory that is fast for the device; the host reaches it by Upload and Download only.</summary>
    Device,

    /// <summary>Memory mapped into the host for the buffer's whole life; coherent, and cached where the device offers that.</summary>
    HostVisible,
}

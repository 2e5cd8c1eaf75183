using System;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>There is no Vulkan loader, or it knows of no device. The message names what to install.</summary>
public sealed class NoVulkanDeviceException : GpuException
{
    private const string Remedy =
        "Install a Vulkan driver for your GPU, or a software one; on Debian: apt-get install libvulkan1 mesa-vulkan-drivers.";

    /// <summary>States what was looked for and not found; the remedy is added.</summary>
    public NoVulkanDeviceException(string found)
        : base($"{found} {Remedy}")
    {
    }

    /// <inheritdoc cref="NoVulkanDeviceException(string)"/>
    public NoVulkanDeviceException(string found, Exception cause)
        : base($"{found} {Remedy}", cause)
    {
    }
}

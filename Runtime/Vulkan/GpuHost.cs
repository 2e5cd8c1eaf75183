namespace VaeProcgen.Runtime.Vulkan;

/// <summary>A host engine's Vulkan objects, for <see cref="GpuDevice.Join"/>. They stay the host's: nothing here destroys them.</summary>
/// <param name="Instance">VkInstance, made for Vulkan 1.2 or later.</param>
/// <param name="PhysicalDevice">VkPhysicalDevice, with Vulkan 1.2 or later.</param>
/// <param name="Device">VkDevice. No features or extensions need to be enabled.</param>
/// <param name="Queue">VkQueue of <paramref name="QueueFamily"/>, to which work is submitted.</param>
/// <param name="QueueFamily">A family with compute (and so with transfer); for images that the host samples, the one that it draws with.</param>
/// <param name="QueueLock">
/// Held whenever anything is submitted to the queue, by the host too: Vulkan allows one thread at a time. A host that holds it calls nothing here but
/// <see cref="GpuDevice.IsComplete"/>.
/// </param>
public sealed record GpuHost(nint Instance, nint PhysicalDevice, nint Device, nint Queue, uint QueueFamily, object QueueLock);

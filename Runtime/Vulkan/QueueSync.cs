namespace VaeProcgen.Runtime.Vulkan;

/// <summary>Binary semaphores (VkSemaphore) of a host engine around a submission; 0 for none. The device waits, the host never does.</summary>
/// <param name="WaitFor">Nothing of the submission begins before it is signalled.</param>
/// <param name="Signal">Signalled when all of the submission is done, and what it wrote is visible.</param>
public readonly record struct QueueSync(ulong WaitFor, ulong Signal);

using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>The one place where a VkResult becomes an exception.</summary>
internal static class VulkanResult
{
    /// <summary>Throws unless the call succeeded; names the call and the resource it was for.</summary>
    public static void Check(Result result, string call, string resource)
    {
        if (result == Result.Success)
        {
            return;
        }

        var code = (int)result;
        var what = $"{call} for {resource} returned {result} ({code})";
        throw result switch
        {
            Result.ErrorOutOfHostMemory or Result.ErrorOutOfDeviceMemory => new OutOfGpuMemoryException(
                $"{what}: out of memory. Free other programs' memory, or use a smaller batch, image or model.", code, call, resource),
            Result.ErrorDeviceLost => new DeviceLostException(
                $"{what}: the device was lost (driver reset, or a dispatch ran too long). Create a new GpuDevice and load again.",
                code, call, resource),
            _ => new GpuException($"{what}.", code, call, resource),
        };
    }
}

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>One Vulkan device of this machine, as <see cref="GpuDevice.List"/> finds it.</summary>
/// <param name="Index">Position in the list; what <see cref="GpuDeviceOptions.Device"/> accepts.</param>
/// <param name="Name">The device's own name.</param>
/// <param name="Type"><c>discrete</c>, <c>integrated</c>, <c>virtual</c>, <c>cpu</c> or <c>other</c>.</param>
/// <param name="Driver">Driver name and version text; empty where the device is older than Vulkan 1.2.</param>
/// <param name="ApiVersion">Packed Vulkan version; see <see cref="ApiVersionText"/>.</param>
/// <param name="VendorId">PCI or Khronos vendor id.</param>
/// <param name="DeviceId">Vendor's device id.</param>
/// <param name="DriverVersion">Driver version, packed in the vendor's own way.</param>
/// <param name="MemoryBytes">Size of the largest device-local heap, in bytes.</param>
/// <param name="SubgroupSize">Invocations in a subgroup; 0 where the device is older than Vulkan 1.2.</param>
/// <param name="SubgroupShuffle">Whether compute shaders may use subgroup shuffles.</param>
/// <param name="HasComputeQueue">Whether a queue family accepts compute work.</param>
public sealed record GpuDeviceInfo(
    int Index,
    string Name,
    string Type,
    string Driver,
    uint ApiVersion,
    uint VendorId,
    uint DeviceId,
    uint DriverVersion,
    long MemoryBytes,
    uint SubgroupSize,
    bool SubgroupShuffle,
    bool HasComputeQueue)
{
    /// <summary>Vulkan 1.2 packed: the oldest version that this library runs on.</summary>
    public const uint RequiredApiVersion = (1u << 22) | (2u << 12);

    /// <summary>The Vulkan version as major.minor.patch.</summary>
    public string ApiVersionText => VersionText(ApiVersion);

    /// <summary>Whether the device has what this library needs: Vulkan 1.2 and a compute queue.</summary>
    public bool IsUsable => ApiVersion >= RequiredApiVersion && HasComputeQueue;

    /// <summary>One line for lists and error messages.</summary>
    public override string ToString() =>
        $"{Index}: {Name} ({Type}, Vulkan {ApiVersionText}{(Driver.Length > 0 ? ", " + Driver : "")})";

    internal static string VersionText(uint version) => $"{(version >> 22) & 0x7F}.{(version >> 12) & 0x3FF}.{version & 0xFFF}";
}

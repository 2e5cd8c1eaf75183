namespace VaeProcgen.Runtime.Vulkan;

/// <summary>What a device allows, in the units a kernel is planned in.</summary>
/// <param name="MaxTexelBufferElements">Most RGBA32F texels (16 bytes each) in one <see cref="BindingKind.TexelRead"/> binding.</param>
/// <param name="MaxStorageBufferRange">Most bytes in one <see cref="BindingKind.Storage"/> binding.</param>
/// <param name="MaxAllocationBytes">Most bytes in one buffer.</param>
/// <param name="BufferOffsetAlignment">Every bound range starts at a multiple of this many bytes: the device's texel and storage
/// alignments, and at least 256.</param>
/// <param name="MaxWorkgroupCount">Most workgroups in one dispatch, by axis.</param>
/// <param name="MaxWorkgroupSize">Most invocations in a workgroup, by axis.</param>
/// <param name="MaxWorkgroupInvocations">Most invocations in a workgroup, over all axes.</param>
/// <param name="SharedMemoryBytes">Bytes of shared memory that a workgroup may declare.</param>
/// <param name="SubgroupSize">Invocations in a subgroup.</param>
/// <param name="TimestampPeriodNs">Nanoseconds in a timestamp tick; 0 where the compute queue has no timestamps.</param>
/// <param name="MaxImageSide">Most pixels of a 2D image along a side.</param>
/// <param name="MaxImageLayers">Most layers of an image array.</param>
public sealed record GpuLimits(
    long MaxTexelBufferElements,
    long MaxStorageBufferRange,
    long MaxAllocationBytes,
    long BufferOffsetAlignment,
    (uint X, uint Y, uint Z) MaxWorkgroupCount,
    (uint X, uint Y, uint Z) MaxWorkgroupSize,
    uint MaxWorkgroupInvocations,
    uint SharedMemoryBytes,
    uint SubgroupSize,
    double TimestampPeriodNs,
    int MaxImageSide,
    int MaxImageLayers)
{
    /// <summary>
    /// Bytes that any Vulkan device can bind at a time, the least <see cref="MaxStorageBufferRange"/>: what is planned by them is the same on all.
    /// </summary>
    public const int LeastStorageBufferRange = 1 << 27;
}

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>A part of a buffer, as it is bound to a kernel, copied or filled.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="OffsetBytes">First byte; for a binding a multiple of <see cref="GpuLimits.BufferOffsetAlignment"/>.</param>
/// <param name="LengthBytes">Number of bytes, at least 1; for a texel binding a multiple of 16.</param>
public readonly record struct BufferRange(GpuBuffer Buffer, long OffsetBytes, long LengthBytes);

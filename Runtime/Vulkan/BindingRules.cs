using System;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>What a grid and the ranges of a command must satisfy, checked when it is recorded.</summary>
internal static class BindingRules
{
    private const int TexelBytes = 16;

    public static void CheckGrid(GpuDevice device, ComputePipeline pipeline, uint x, uint y, uint z)
    {
        if (x == 0 || y == 0 || z == 0)
        {
            throw new ArgumentException($"The grid of kernel '{pipeline.Name}' is {x} x {y} x {z}; every side must be at least 1.");
        }

        var most = device.Limits.MaxWorkgroupCount;
        if (x > most.X || y > most.Y || z > most.Z)
        {
            throw new GpuException(
                $"The grid of kernel '{pipeline.Name}' is {x} x {y} x {z}; {device.Info.Name} allows {most.X} x {most.Y} x {most.Z} "
                + "workgroups. Use a smaller batch or image.");
        }
    }

    public static void CheckBindings(GpuDevice device, ComputePipeline pipeline, ReadOnlySpan<BufferRange> ranges)
    {
        if (ranges.Length != pipeline.Bindings.Length)
        {
            throw new ArgumentException($"Kernel '{pipeline.Name}' has {pipeline.Bindings.Length} bindings, found {ranges.Length} ranges.");
        }

        for (var i = 0; i < ranges.Length; i++)
        {
            var what = $"Binding {i} of kernel '{pipeline.Name}'";
            CheckInside(ranges[i], what);
            if (ranges[i].OffsetBytes % device.Limits.BufferOffsetAlignment != 0)
            {
                throw new ArgumentException(
                    $"{what} starts at byte {ranges[i].OffsetBytes} of '{ranges[i].Buffer.Name}'; expected a multiple of "
                    + $"{device.Limits.BufferOffsetAlignment} (GpuLimits.BufferOffsetAlignment).");
            }

            if (pipeline.Bindings[i] == BindingKind.TexelRead)
            {
                CheckTexels(device, ranges[i], what);
            }
            else if (ranges[i].LengthBytes > device.Limits.MaxStorageBufferRange)
            {
                throw new GpuException(
                    $"{what} spans {ranges[i].LengthBytes} bytes of '{ranges[i].Buffer.Name}'; {device.Info.Name} allows "
                    + $"{device.Limits.MaxStorageBufferRange} in a storage buffer. Use a smaller batch or image.");
            }
        }
    }

    public static void CheckCopy(BufferRange source, BufferRange destination)
    {
        CheckInside(source, "The source of a copy");
        CheckInside(destination, "The destination of a copy");
        if (source.LengthBytes != destination.LengthBytes)
        {
            throw new ArgumentException(
                $"The copy from '{source.Buffer.Name}' to '{destination.Buffer.Name}' has lengths {source.LengthBytes} and "
                + $"{destination.LengthBytes} bytes; they must be equal.");
        }

        if (source.Buffer == destination.Buffer && Math.Abs(source.OffsetBytes - destination.OffsetBytes) < source.LengthBytes)
        {
            throw new ArgumentException(
                $"The copy of {source.LengthBytes} bytes inside '{source.Buffer.Name}' from {source.OffsetBytes} to "
                + $"{destination.OffsetBytes} overlaps itself.");
        }
    }

    public static void CheckFill(BufferRange range)
    {
        CheckInside(range, "A fill");
        if (range.OffsetBytes % 4 != 0 || range.LengthBytes % 4 != 0)
        {
            throw new ArgumentException(
                $"The fill of '{range.Buffer.Name}' covers {range.LengthBytes} bytes from {range.OffsetBytes}; "
                + "both must be multiples of 4.");
        }
    }

    public static void CheckRegion(GpuBuffer source, GpuImage destination, ImageRegion region)
    {
        var (offset, layer, level, x, y, width, height) = region;
        if (offset < 0 || offset % 4 != 0 || offset > source.PaddedBytes - (4L * width * height))
        {
            throw new ArgumentException(
                $"{region} does not lie in buffer '{source.Name}' of {source.Bytes} bytes, or does not start at a multiple of 4.");
        }

        var info = destination.Info;
        if (layer < 0 || layer >= info.Layers || level < 0 || level >= info.Levels || x < 0 || y < 0 || width < 1 || height < 1
            || x > destination.WidthOf(level) - width || y > destination.HeightOf(level) - height)
        {
            throw new ArgumentException($"{region} does not lie in image '{destination.Name}', {info}.");
        }

        if (!destination.HasContents && (width != destination.WidthOf(level) || height != destination.HeightOf(level)))
        {
            throw new ArgumentException(
                $"{region} covers a part of image '{destination.Name}', which was wrapped without contents. Write whole layers, or wrap it with "
                + "contents, in SHADER_READ_ONLY_OPTIMAL.");
        }
    }

    private static void CheckInside(BufferRange range, string what)
    {
        range.Buffer.ThrowIfDisposed();
        if (range.OffsetBytes < 0 || range.LengthBytes <= 0 || range.OffsetBytes > range.Buffer.PaddedBytes - range.LengthBytes)
        {
            throw new ArgumentException(
                $"{what} covers {range.LengthBytes} bytes from {range.OffsetBytes} of '{range.Buffer.Name}', "
                + $"which has {range.Buffer.Bytes}.");
        }
    }

    private static void CheckTexels(GpuDevice device, BufferRange range, string what)
    {
        if (range.LengthBytes % TexelBytes != 0)
        {
            throw new ArgumentException(
                $"{what} covers {range.LengthBytes} bytes of '{range.Buffer.Name}'; a texel binding needs a multiple of {TexelBytes}.");
        }

        if (range.LengthBytes / TexelBytes > device.Limits.MaxTexelBufferElements)
        {
            throw new GpuException(
                $"{what} covers {range.LengthBytes / TexelBytes} texels of '{range.Buffer.Name}'; {device.Info.Name} allows "
                + $"{device.Limits.MaxTexelBufferElements}. Use VAEPROCGEN_PATH=shared.");
        }
    }
}

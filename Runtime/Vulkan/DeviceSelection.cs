using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>The rules by which a device and its operand path are chosen; no Vulkan call is made here.</summary>
public static class DeviceSelection
{
    /// <summary>Least subgroup size of <see cref="OperandPath.Texel"/>: its tiles are shuffled over 8 lanes.</summary>
    public const uint TexelSubgroupSize = 8;

    private static readonly string[] TypesByRank = { "discrete", "integrated", "virtual", "cpu" };

    /// <summary>The device that is asked for by index or by a part of its name (in any case), or, with no wish, the usable
    /// one that ranks best: discrete, integrated, virtual, CPU, others; the first of equals.</summary>
    /// <exception cref="NoVulkanDeviceException">The list is empty.</exception>
    /// <exception cref="GpuException">No device matches the wish, or the match is older than Vulkan 1.2 or cannot compute.</exception>
    public static GpuDeviceInfo Choose(IReadOnlyList<GpuDeviceInfo> devices, string? wanted)
    {
        if (devices.Count == 0)
        {
            throw new NoVulkanDeviceException("The Vulkan loader found no device.");
        }

        var matches = string.IsNullOrWhiteSpace(wanted) ? devices : Matches(devices, wanted!.Trim());
        if (matches.Count == 0)
        {
            throw new GpuException(
                $"No Vulkan device matches '{wanted}' (an index or a part of the name, from GpuDeviceOptions.Device or "
                + $"VAEPROCGEN_DEVICE). The devices are: {Describe(devices)}.");
        }

        return matches.Where(device => device.IsUsable).OrderBy(Rank).FirstOrDefault()
            ?? throw new GpuException(
                $"Vulkan {GpuDeviceInfo.VersionText(GpuDeviceInfo.RequiredApiVersion)} or newer with a compute queue is needed; "
                + $"found: {Describe(matches)}. Update the driver, or choose another device with VAEPROCGEN_DEVICE.");
    }

    /// <summary>The operand path asked for, or else <see cref="OperandPath.Texel"/> on CPU devices that can and
    /// <see cref="OperandPath.Shared"/> on all others.</summary>
    /// <param name="matrices">The device's matrix units, if it has some.</param>
    /// <exception cref="GpuException">Texel is asked for and the device has subgroups below 8 lanes, or no shuffle in compute; or matrix, and it has no
    /// matrix units.</exception>
    public static OperandPath ChoosePath(GpuDeviceInfo device, OperandPath? wanted, MatrixShape? matrices = null)
    {
        if (wanted == OperandPath.Matrix && matrices == null)
        {
            throw new GpuException(
                $"The matrix path needs VK_KHR_cooperative_matrix for half-precision operands and float sums in subgroups; {device.Name} has none. "
                + "Use VAEPROCGEN_PATH=shared, or a newer driver.");
        }

        var texelWorks = device.SubgroupSize >= TexelSubgroupSize && device.SubgroupShuffle;
        if (wanted == OperandPath.Texel && !texelWorks)
        {
            throw new GpuException(
                $"The texel path needs subgroups of at least {TexelSubgroupSize} lanes with shuffle in compute shaders; {device.Name} has "
                + $"{device.SubgroupSize} lanes and {(device.SubgroupShuffle ? "shuffle" : "no shuffle")}. Use VAEPROCGEN_PATH=shared.");
        }

        return wanted ?? (device.Type == "cpu" && texelWorks ? OperandPath.Texel : OperandPath.Shared);
    }

    /// <summary>Reads the value of <c>VAEPROCGEN_PATH</c>; null when it is unset or empty.</summary>
    /// <exception cref="GpuException">The text is none of <c>texel</c>, <c>shared</c> and <c>matrix</c>.</exception>
    public static OperandPath? ParsePath(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        null or "" => null,
        "texel" => OperandPath.Texel,
        "shared" => OperandPath.Shared,
        "matrix" => OperandPath.Matrix,
        _ => throw new GpuException($"VAEPROCGEN_PATH is '{text}'; expected texel, shared or matrix."),
    };

    /// <summary>Reads the value of <c>VAEPROCGEN_TUNING</c>; null when it is unset or empty.</summary>
    /// <exception cref="GpuException">The text is none of <c>off</c>, <c>remembered</c>, <c>first-use</c> and <c>again</c>.</exception>
    public static TileTuning? ParseTuning(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        null or "" => null,
        "off" => TileTuning.Off,
        "remembered" => TileTuning.Remembered,
        "first-use" => TileTuning.FirstUse,
        "again" => TileTuning.Again,
        _ => throw new GpuException($"VAEPROCGEN_TUNING is '{text}'; expected off, remembered, first-use or again."),
    };

    private static IReadOnlyList<GpuDeviceInfo> Matches(IReadOnlyList<GpuDeviceInfo> devices, string wanted)
    {
        // A number that is no index may still be part of a name, as in "4090".
        var isNumber = int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        return isNumber && index < devices.Count
            ? new[] { devices[index] }
            : devices.Where(device => device.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase)).ToArray();
    }

    private static int Rank(GpuDeviceInfo device)
    {
        var rank = Array.IndexOf(TypesByRank, device.Type);
        return rank < 0 ? TypesByRank.Length : rank;
    }

    private static string Describe(IEnumerable<GpuDeviceInfo> devices) => string.Join("; ", devices);
}

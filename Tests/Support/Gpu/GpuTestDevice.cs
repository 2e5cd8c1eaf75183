using System;
using System.Collections.Generic;
using NUnit.Framework;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Support.Gpu;

/// <summary>One device for each operand path, under the validation layer, opened at first use and shared by the whole test run.</summary>
public static class GpuTestDevice
{
    private static readonly Dictionary<OperandPath, GpuDevice> Opened = new();

    /// <summary>The paths to test: both, or the one that the variable <c>VAEPROCGEN_PATH</c> names.</summary>
    public static IEnumerable<OperandPath> Paths =>
        DeviceSelection.ParsePath(Environment.GetEnvironmentVariable("VAEPROCGEN_PATH")) is { } only
            ? [only]
            : [OperandPath.Texel, OperandPath.Shared];

    /// <summary>For tests of mixed precision: where no path is asked for, also that of matrix units, if the device has them.</summary>
    public static IEnumerable<OperandPath> MixedPaths
    {
        get
        {
            OperandPath[] paths = [.. Paths];
            return paths.Length > 1 && For(OperandPath.Shared).Matrices != null ? [.. paths, OperandPath.Matrix] : paths;
        }
    }

    public static GpuDevice For(OperandPath path)
    {
        lock (Opened)
        {
            if (!Opened.TryGetValue(path, out GpuDevice? device))
                Opened[path] = device = GpuDevice.Create(new GpuDeviceOptions { Validation = true, Path = path });
            return device;
        }
    }

    internal static void Close()
    {
        foreach (GpuDevice device in Opened.Values)
        {
            device.Dispose();
            Assert.That(device.ValidationMessages, Is.Empty, $"messages of the validation layer, {device.Path} path");
        }

        Opened.Clear();
    }
}

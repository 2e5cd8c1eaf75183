using System;
using System.Linq;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Tests.Vulkan;

/// <summary>A test with a device under the validation layer: any message, up to the device's destruction, fails it.</summary>
/// <param name="mapDeviceMemory">False: transfers are staged, as on a discrete GPU, also where the device shares the host's memory.</param>
public abstract class VulkanTest(bool mapDeviceMemory = true)
{
    private GpuDevice? device;

    protected GpuDevice Device => device ??= GpuDevice.Create(
        new GpuDeviceOptions { Validation = true, MapDeviceMemory = mapDeviceMemory });

    [TearDown]
    public void CloseDevice()
    {
        var closing = device;
        device = null;
        closing?.Dispose();
        Assert.That(closing?.ValidationMessages ?? [], Is.Empty);
    }

    /// <summary>For a test that has provoked messages: closes the device without looking at them.</summary>
    protected void ForgetDevice()
    {
        device?.Dispose();
        device = null;
    }

    protected GpuBuffer Upload<T>(string name, MemoryKind kind, params T[] data)
        where T : unmanaged
    {
        var buffer = Device.CreateBuffer(data.Length * Unsafe.SizeOf<T>(), kind, name);
        buffer.Upload<T>(data);
        return buffer;
    }

    protected static T[] Download<T>(GpuBuffer buffer)
        where T : unmanaged
    {
        var data = new T[buffer.Bytes / Unsafe.SizeOf<T>()];
        buffer.Download<T>(data);
        return data;
    }

    /// <summary>y[i] = scale · x[i] + shift for vec4s, with x as a texel or a storage buffer.</summary>
    protected ComputePipeline CreateAffine(BindingKind input, float scale, float shift) => Device.CreatePipeline(
        $"affine {input}",
        Glsl.Compile($$"""
            #version 450
            layout(local_size_x = 4) in;
            layout(constant_id = 0) const uint count = 0;
            layout(constant_id = 1) const float scale = 0;
            layout(constant_id = 2) const float shift = 0;
            {{(input == BindingKind.TexelRead
                ? "layout(binding = 0) uniform textureBuffer x;"
                : "layout(binding = 0) readonly buffer X { vec4 x[]; };")}}
            layout(binding = 1) writeonly buffer Y { vec4 y[]; };
            void main() {
                uint i = gl_GlobalInvocationID.x;
                if (i < count) y[i] = scale * {{(input == BindingKind.TexelRead ? "texelFetch(x, int(i))" : "x[i]")}} + shift;
            }
            """),
        [input, BindingKind.Storage],
        [3, BitConverter.SingleToUInt32Bits(scale), BitConverter.SingleToUInt32Bits(shift)]);

    protected static float[] Ramp(int count) => Enumerable.Range(0, count).Select(i => (float)i).ToArray();
}

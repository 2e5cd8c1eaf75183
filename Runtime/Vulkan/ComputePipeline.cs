using System;
using System.Runtime.InteropServices;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>A compiled kernel with its constants; made by <see cref="GpuDevice.CreatePipeline"/>.</summary>
public sealed unsafe class ComputePipeline : IDisposable
{
    private const uint SpirvMagic = 0x07230203;

    private readonly GpuDevice device;
    private readonly BindingKind[] bindings;
    private bool disposed;

    internal ComputePipeline(
        GpuDevice device, string name, ReadOnlySpan<byte> spirv, ReadOnlySpan<BindingKind> bindings, ReadOnlySpan<uint> constants, bool usesMatrices)
    {
        (this.device, Name, this.bindings) = (device, name, bindings.ToArray());
        var code = ReadCode(name, spirv);
        try
        {
            CreateLayouts();
            CreatePipeline(code, usesMatrices ? [.. constants, .. MatrixConstants()] : constants.ToArray(), usesMatrices);
        }
        catch
        {
            Destroy();
            throw;
        }
    }

    /// <summary>The name that errors and validation messages use.</summary>
    public string Name { get; }

    /// <summary>What binding i of set 0 is.</summary>
    public ReadOnlySpan<BindingKind> Bindings => bindings;

    internal Pipeline Handle { get; private set; }

    internal PipelineLayout Layout { get; private set; }

    internal DescriptorSetLayout SetLayout { get; private set; }

    private VulkanContext Context => device.Context;

    /// <summary>Waits for the device and destroys the kernel; command lists that use it cannot be submitted any more.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        device.Release(this);
        Destroy();
    }

    internal static DescriptorType TypeOf(BindingKind kind) =>
        kind == BindingKind.TexelRead ? DescriptorType.UniformTexelBuffer : DescriptorType.StorageBuffer;

    internal void ThrowIfDisposed()
    {
        if (disposed)
        {
            throw new ObjectDisposedException($"{nameof(ComputePipeline)} '{Name}'");
        }
    }

    private static uint[] ReadCode(string name, ReadOnlySpan<byte> spirv)
    {
        if (spirv.Length % 4 != 0 || spirv.Length < 20 || MemoryMarshal.Read<uint>(spirv) != SpirvMagic)
        {
            throw new ArgumentException(
                $"The code of kernel '{name}' is no SPIR-V module: expected whole 32-bit words that start with 0x{SpirvMagic:x8}, "
                + $"found {spirv.Length} bytes. Compile the kernel again.", nameof(spirv));
        }

        // A copy, because the words of an embedded resource may not be aligned.
        return MemoryMarshal.Cast<byte, uint>(spirv).ToArray();
    }

    private void CreateLayouts()
    {
        var layoutBindings = new DescriptorSetLayoutBinding[bindings.Length];
        for (var i = 0; i < bindings.Length; i++)
        {
            layoutBindings[i] = new DescriptorSetLayoutBinding
            {
                Binding = (uint)i,
                DescriptorType = TypeOf(bindings[i]),
                DescriptorCount = 1,
                StageFlags = ShaderStageFlags.ComputeBit,
            };
        }

        DescriptorSetLayout setLayout;
        fixed (DescriptorSetLayoutBinding* first = layoutBindings)
        {
            var setInfo = new DescriptorSetLayoutCreateInfo
            {
                SType = StructureType.DescriptorSetLayoutCreateInfo,
                BindingCount = (uint)layoutBindings.Length,
                PBindings = first,
            };
            VulkanResult.Check(
                Context.Api.CreateDescriptorSetLayout(Context.Device, &setInfo, null, &setLayout),
                "vkCreateDescriptorSetLayout",
                $"kernel '{Name}'");
        }

        SetLayout = setLayout;
        var info = new PipelineLayoutCreateInfo
        {
            SType = StructureType.PipelineLayoutCreateInfo,
            SetLayoutCount = 1,
            PSetLayouts = &setLayout,
        };
        PipelineLayout layout;
        VulkanResult.Check(
            Context.Api.CreatePipelineLayout(Context.Device, &info, null, &layout), "vkCreatePipelineLayout", $"kernel '{Name}'");
        Layout = layout;
    }

    /// <summary>
    /// What the kernel's own constants are followed by (Include/tile_matrix.glsl): M, N, K, and the size of subgroups. That which is reported is the
    /// largest that a device chooses by itself.
    /// </summary>
    private uint[] MatrixConstants()
    {
        var shape = device.Matrices ?? throw new GpuException($"Kernel '{Name}' needs matrix units, and {device.Info.Name} has none.");
        return [(uint)shape.M, (uint)shape.N, (uint)shape.K, device.Limits.SubgroupSize];
    }

    private void CreatePipeline(uint[] code, uint[] constants, bool usesMatrices)
    {
        var entries = new SpecializationMapEntry[constants.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new SpecializationMapEntry { ConstantID = (uint)i, Offset = (uint)(i * sizeof(uint)), Size = sizeof(uint) };
        }

        var module = CreateModule(code);
        var entryPoint = SilkMarshal.StringToPtr("main");
        try
        {
            fixed (uint* data = constants)
            fixed (SpecializationMapEntry* map = entries)
            {
                var specialization = new SpecializationInfo
                {
                    MapEntryCount = (uint)entries.Length,
                    PMapEntries = map,
                    DataSize = (nuint)(constants.Length * sizeof(uint)),
                    PData = data,
                };
                var info = new ComputePipelineCreateInfo
                {
                    SType = StructureType.ComputePipelineCreateInfo,
                    Stage = new PipelineShaderStageCreateInfo
                    {
                        SType = StructureType.PipelineShaderStageCreateInfo,
                        Flags = usesMatrices ? PipelineShaderStageCreateFlags.RequireFullSubgroupsBit : PipelineShaderStageCreateFlags.None,
                        Stage = ShaderStageFlags.ComputeBit,
                        Module = module,
                        PName = (byte*)entryPoint,
                        PSpecializationInfo = &specialization,
                    },
                    Layout = Layout,
                };
                Pipeline pipeline;
                VulkanResult.Check(
                    Context.Api.CreateComputePipelines(Context.Device, device.PipelineCache.Handle, 1, &info, null, &pipeline),
                    "vkCreateComputePipelines",
                    $"kernel '{Name}'");
                Handle = pipeline;
            }
        }
        finally
        {
            SilkMarshal.Free(entryPoint);
            Context.Api.DestroyShaderModule(Context.Device, module, null);
        }

        Context.Name(ObjectType.Pipeline, Handle.Handle, Name);
    }

    private ShaderModule CreateModule(uint[] code)
    {
        fixed (uint* words = code)
        {
            var info = new ShaderModuleCreateInfo
            {
                SType = StructureType.ShaderModuleCreateInfo,
                CodeSize = (nuint)(code.Length * sizeof(uint)),
                PCode = words,
            };
            ShaderModule module;
            VulkanResult.Check(
                Context.Api.CreateShaderModule(Context.Device, &info, null, &module), "vkCreateShaderModule", $"kernel '{Name}'");
            return module;
        }
    }

    private void Destroy()
    {
        disposed = true;
        Context.Api.DestroyPipeline(Context.Device, Handle, null);
        Context.Api.DestroyPipelineLayout(Context.Device, Layout, null);
        Context.Api.DestroyDescriptorSetLayout(Context.Device, SetLayout, null);
    }
}

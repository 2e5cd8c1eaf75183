using System;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>What to ask of <see cref="GpuDevice.Create"/>; what is left out is taken from the environment, then from the device.</summary>
public sealed record GpuDeviceOptions
{
    /// <summary>Index in <see cref="GpuDevice.List"/> or a part of the device's name, in any case; else the variable
    /// <c>VAEPROCGEN_DEVICE</c>; else the best one: discrete, integrated, virtual, CPU.</summary>
    public string? Device { get; init; }

    /// <summary>Run under the Khronos validation layer with synchronization validation; also on with
    /// <c>VAEPROCGEN_VALIDATION=1</c>. Messages are kept in <see cref="GpuDevice.ValidationMessages"/>.</summary>
    public bool Validation { get; init; }

    /// <summary>Called with each message of the validation layer as it comes, from whichever thread called Vulkan.</summary>
    public Action<string>? OnValidationMessage { get; init; }

    /// <summary>The operand path of the kernels; else <c>VAEPROCGEN_PATH</c> (<c>texel</c> or <c>shared</c>); else
    /// <see cref="OperandPath.Texel"/> on CPU devices that can and <see cref="OperandPath.Shared"/> on all others.</summary>
    public OperandPath? Path { get; init; }

    /// <summary>How tiles of kernels are chosen; else <c>VAEPROCGEN_TUNING</c> (<c>off</c>, <c>remembered</c>, <c>first-use</c> or <c>again</c>);
    /// else <see cref="TileTuning.Remembered"/>, which measures nothing.</summary>
    public TileTuning? Tuning { get; init; }

    /// <summary>Whether device memory is mapped where the device shares it with the host, which saves a copy. False: uploads and
    /// downloads are staged everywhere, as on discrete GPUs, to test or measure that.</summary>
    public bool MapDeviceMemory { get; init; } = true;

    /// <summary>The most device and staging memory to allocate, in bytes; null for as much as the driver gives. Beyond it an
    /// <see cref="OutOfGpuMemoryException"/> says so, and decoders fall back to smaller batches.</summary>
    public long? MemoryLimitBytes { get; init; }
}

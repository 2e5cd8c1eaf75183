using System;
using System.CommandLine;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Cli;

/// <summary>--device and --path, for every command that computes; --tune for those that compute for long.</summary>
internal sealed class DeviceOptions
{
    private readonly Option<string?> device = OptionOf.Text(
        "--device", "INDEX|NAME",
        "The Vulkan device, by index or a part of its name; 'info' lists them [default: the fastest kind there is]");

    private readonly Option<OperandPath?> path = OptionOf.Value(
        "--path", "PATH", "How kernels fetch operands: texel (fast on CPUs), shared (fast on GPUs) or matrix (its matrix units, for --precision mixed) [default: by device]",
        OptionOf.OneOf<OperandPath?>(("texel", OperandPath.Texel), ("shared", OperandPath.Shared), ("matrix", OperandPath.Matrix)));

    private readonly Option<bool> tune = new("--tune")
    {
        Description = "Measure all tile shapes again; else only those that were never measured on this device. The results are the same to the bit, "
            + "but for mixed precision on matrix units, where --path decides",
    };

    private readonly bool tunes;

    /// <param name="tunes">Whether the command runs for so long that it pays to measure tile shapes at first use; others use what is remembered.</param>
    public DeviceOptions(Command command, bool tunes = false)
    {
        this.tunes = tunes;
        command.Add(device);
        command.Add(path);
        if (tunes)
            command.Add(tune);
    }

    public string? Device(ParseResult parsed) => parsed.GetValue(device);

    public OperandPath? Path(ParseResult parsed) => parsed.GetValue(path);

    /// <exception cref="GpuException">No such device, or none at all.</exception>
    public GpuDevice Open(ParseResult parsed) => GpuDevice.Create(new GpuDeviceOptions
    {
        Device = Device(parsed),
        Path = Path(parsed),
        Tuning = tunes ? Tuning(parsed) : null,
        OnValidationMessage = message => parsed.InvocationConfiguration.Error.WriteLine("Validation: " + message),
    });

    private TileTuning Tuning(ParseResult parsed) => parsed.GetValue(tune)
        ? TileTuning.Again
        : DeviceSelection.ParseTuning(Environment.GetEnvironmentVariable("VAEPROCGEN_TUNING")) ?? TileTuning.FirstUse;
}

using System.CommandLine;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Cli;

/// <summary>--device and --path, for every command that computes.</summary>
internal sealed class DeviceOptions
{
    private readonly Option<string?> device = OptionOf.Text(
        "--device", "INDEX|NAME",
        "The Vulkan device, by index or a part of its name; 'info' lists them [default: the fastest kind there is]");

    private readonly Option<OperandPath?> path = OptionOf.Value(
        "--path", "PATH", "How kernels fetch operands: texel (fast on CPUs) or shared (fast on GPUs) [default: by device]",
        OptionOf.OneOf<OperandPath?>(("texel", OperandPath.Texel), ("shared", OperandPath.Shared)));

    public DeviceOptions(Command command)
    {
        command.Add(device);
        command.Add(path);
    }

    public string? Device(ParseResult parsed) => parsed.GetValue(device);

    public OperandPath? Path(ParseResult parsed) => parsed.GetValue(path);

    /// <exception cref="GpuException">No such device, or none at all.</exception>
    public GpuDevice Open(ParseResult parsed) => GpuDevice.Create(new GpuDeviceOptions
    {
        Device = Device(parsed),
        Path = Path(parsed),
        OnValidationMessage = message => parsed.InvocationConfiguration.Error.WriteLine("Validation: " + message),
    });
}

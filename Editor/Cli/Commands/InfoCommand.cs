using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using Silk.NET.Vulkan;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Describes a model file, or this machine.</summary>
internal sealed class InfoCommand : Command
{
    private readonly Argument<string?> model = new("MODEL")
    {
        Description = "A model file; without one, the machine's devices and versions", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly DeviceOptions device;

    public InfoCommand()
        : base("info", "Describe a model file (no GPU needed), or the devices and versions")
    {
        Add(model);
        device = new DeviceOptions(this);
        SetAction(Run);
    }

    private void Run(ParseResult parsed)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(model) is { } file)
        {
            VaeModel loaded = VaeModel.Load(file);
            output.WriteLine($"{file}, {Format.Bytes(new FileInfo(file).Length)}");
            output.Write(ModelDescription.Of(loaded));
            return;
        }

        string machine = $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        output.WriteLine($"VaeProcgen {VersionOf(typeof(Program).Assembly)}, {RuntimeInformation.FrameworkDescription}, {machine}");
        output.WriteLine($"Vulkan bindings: {Bindings()}");
        try
        {
            ListDevices(parsed, output);
        }
        catch (NoVulkanDeviceException e)
        {
            output.WriteLine($"Devices: none. {e.Message}");
        }
    }

    private void ListDevices(ParseResult parsed, TextWriter output)
    {
        IReadOnlyList<GpuDeviceInfo> devices = GpuDevice.List();
        string? wanted = device.Device(parsed) ?? Environment.GetEnvironmentVariable("VAEPROCGEN_DEVICE");
        GpuDeviceInfo chosen = DeviceSelection.Choose(devices, wanted);
        foreach (GpuDeviceInfo found in devices)
        {
            string memory = Format.Bytes(found.MemoryBytes);
            output.WriteLine($"{(found == chosen ? "*" : " ")} {found}, {memory}, subgroups of {found.SubgroupSize}");
        }

        using GpuDevice opened = device.Open(parsed);
        output.WriteLine($"* is used, by the {opened.Path.ToString().ToLowerInvariant()} path; matrix units: {opened.Matrices?.ToString() ?? "none"}.");
        TileMemory tiles = opened.Tiles;
        string count = tiles.Count > 0 ? $"{tiles.Count} problems" : "none yet";
        output.WriteLine($"Tuned tile shapes: {count}, in {tiles.FilePath ?? "no file, as there is no folder for it"}");
    }

    private static string Bindings()
    {
        Assembly bindings = typeof(Vk).Assembly;
        bool ours = CompanyOf(bindings) == CompanyOf(typeof(Program).Assembly);
        return ours ? "the stand-ins of Standins~" : $"{bindings.GetName().Name} {VersionOf(bindings)}";
    }

    private static string? CompanyOf(Assembly assembly) => assembly.GetCustomAttribute<AssemblyCompanyAttribute>()?.Company;

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "of unknown version";
}

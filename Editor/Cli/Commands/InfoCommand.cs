using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using Silk.NET.Vulkan;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Describes a model file, or this machine.</summary>
internal sealed class InfoCommand : Command
{
    private readonly Argument<string?> model = new("MODEL") { Description = "A model file; without one, the machine's devices and versions", Arity = ArgumentArity.ZeroOrOne };
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

        output.WriteLine($"VaeProcgen {VersionOf(typeof(Program).Assembly)}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}");
        output.WriteLine($"Vulkan bindings: {Bindings()}");
        try
        {
            IReadOnlyList<GpuDeviceInfo> devices = GpuDevice.List();
            string? wanted = device.Device(parsed) ?? Environment.GetEnvironmentVariable("VAEPROCGEN_DEVICE");
            GpuDeviceInfo chosen = DeviceSelection.Choose(devices, wanted);
            var path = DeviceSelection.ChoosePath(chosen, device.Path(parsed) ?? DeviceSelection.ParsePath(Environment.GetEnvironmentVariable("VAEPROCGEN_PATH")));
            foreach (GpuDeviceInfo found in devices)
                output.WriteLine($"{(found == chosen ? "*" : " ")} {found}, {Format.Bytes(found.MemoryBytes)}, subgroups of {found.SubgroupSize}");
            output.WriteLine($"* is used, by the {path.ToString().ToLowerInvariant()} path.");
        }
        catch (NoVulkanDeviceException e)
        {
            output.WriteLine($"Devices: none. {e.Message}");
        }
    }

    private static string Bindings()
    {
        Assembly assembly = typeof(Vk).Assembly;
        bool ours = assembly.GetCustomAttribute<AssemblyCompanyAttribute>()?.Company == typeof(Program).Assembly.GetCustomAttribute<AssemblyCompanyAttribute>()?.Company;
        return ours ? "the stand-ins of Standins~" : $"{assembly.GetName().Name} {VersionOf(assembly)}";
    }

    private static string VersionOf(Assembly assembly) =>
        (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "").Split('+')[0];
}

using System;
using System.CommandLine;
using System.IO;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Editor.Cli;

/// <summary>A command that runs a trained model: its first argument, and the device's options.</summary>
internal abstract class ModelCommand : Command
{
    private readonly Argument<string> model = new("MODEL") { Description = "A model file, written by 'train'" };
    private DeviceOptions? device;

    protected ModelCommand(string name, string description)
        : base(name, description)
    {
        Add(model);
        SetAction(Execute);
    }

    /// <summary>Adds the command's options, in the order of its help, and the device's after them.</summary>
    protected void AddOptions(params Option[] options)
    {
        foreach (Option option in options)
            Add(option);
        device = new DeviceOptions(this);
    }

    /// <summary>The model file that was named.</summary>
    protected string ModelFile(ParseResult parsed) => parsed.GetRequiredValue(model);

    /// <summary>Does what needs no device, above all checks, so that what is wrong is said before work begins.</summary>
    /// <returns>What there is to do with the model on the device, or null for nothing; unless overridden, <see cref="Run"/>.</returns>
    protected virtual Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output) =>
        session => Run(parsed, session, output);

    /// <summary>What the command does, with the model on the device, where it needs no <see cref="Plan"/>.</summary>
    protected virtual void Run(ParseResult parsed, ModelSession session, TextWriter output)
    {
    }

    /// <summary>An option that names the file that is written.</summary>
    protected static Option<string> OutOption(string standard) => OptionOf.Text("--out", "FILE", "Where the picture goes", standard);

    private void Execute(ParseResult parsed)
    {
        VaeModel loaded = VaeModel.Load(parsed.GetRequiredValue(model));
        if (Plan(parsed, loaded, parsed.InvocationConfiguration.Output) is not { } work)
            return;
        using GpuDevice gpu = device!.Open(parsed);
        using var session = new ModelSession(gpu, loaded);
        work(session);
    }
}

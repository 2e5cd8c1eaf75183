using System.CommandLine;
using System.IO;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Training;
using VaeProcgen.Editor.Verification;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Writes one step's gradients for another framework to check.</summary>
internal sealed class VerifyGradientsCommand : Command
{
    private readonly Argument<string> folder = new("DIR") { Description = ArtOptions.FolderHelp, DefaultValueFactory = _ => "procedural:64" };
    private readonly Option<string> dump = OptionOf.Text("--dump", "DIR", "Where dump.safetensors and its README.md go", "gradients");
    private readonly ArtOptions art;
    private readonly TrainingFlags flags;
    private readonly DeviceOptions device;

    public VerifyGradientsCommand()
        : base("verify-gradients", "Write images, noise, weights, every gradient and the loss of one batch, for PyTorch or anything else to check")
    {
        Add(folder);
        Add(dump);
        art = new ArtOptions(this, withSize: true);
        flags = new TrainingFlags(this);
        device = new DeviceOptions(this);
        SetAction(Run);
    }

    private void Run(ParseResult parsed)
    {
        ArtSet set = ArtSource.Load(parsed.GetRequiredValue(folder), art.Import(parsed), out _);
        TrainingOptions options = flags.Options(parsed);
        string target = parsed.GetRequiredValue(dump);
        using GpuDevice gpu = device.Open(parsed);
        GradientDump.Write(gpu, set, options, target);
        TextWriter output = parsed.InvocationConfiguration.Output;
        output.WriteLine($"Wrote {Path.Combine(target, GradientDump.FileName)}, and {Path.Combine(target, "README.md")} with the formula.");
        // Operands of mixed precision were rounded to 11 bits.
        string limit = options.Precision == Precision.Mixed ? " --limit 0.05" : "";
        output.WriteLine($"Check it in float64 with PyTorch: Benchmarks~/check_gradients.py {target}{limit}");
    }
}

using System;
using System.Linq;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>Whether a training fits into the device's memory, found out before any of it is allocated.</summary>
internal static class TrainingMemory
{
    private const double Gibibyte = 1L << 30;

    /// <summary>Refuses what does not fit, with the size that it needs and what would fit.</summary>
    /// <param name="images">Of the training; too many for the device are streamed.</param>
    /// <exception cref="TrainingException">It does not fit.</exception>
    public static void Require(GpuDevice device, VaeArchitecture architecture, TrainingOptions options, int images)
    {
        using var workspace = new Workspace(device);
        long available = device.AvailableBytes;
        long? needed = BytesOf(workspace, architecture, options, images);
        if (needed <= available)
            return;
        string needs = needed is { } bytes ? $"{bytes / Gibibyte:F1} GiB of device memory" : "more than 8 GiB of device memory for one tensor";
        throw new TrainingException(
            $"Training with a batch of {options.Batch} needs {needs}; {device.Info.Name} has {available / Gibibyte:F1} GiB. "
            + (LargestBatch() is { } batch and > 0
                ? $"A batch of {batch} would fit (--batch {batch}); or choose a smaller --size or --latent, or fewer --hidden channels."
                : "Not even a batch of 1 would fit: choose a smaller --size or --latent, or fewer --hidden channels."));

        int LargestBatch()
        {
            int fits = 0, tooLarge = options.Batch;
            while (tooLarge - fits > 1)
            {
                int middle = (fits + tooLarge) / 2;
                if (BytesOf(workspace, architecture, options with { Batch = middle }, images) <= available)
                    fits = middle;
                else
                    tooLarge = middle;
            }

            return fits;
        }
    }

    /// <summary>Null where a tensor has more values than its shape can count: 2³¹ words or more.</summary>
    private static long? BytesOf(Workspace workspace, VaeArchitecture architecture, TrainingOptions options, int images)
    {
        try
        {
            var graph = VaeTrainingGraph.For(workspace.Device, architecture, options, images, VaeTraining.MostSteps);
            return workspace.BytesFor(graph.StepKernels().SelectMany(k => k.Bindings).Select(b => b.Tensor));
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}

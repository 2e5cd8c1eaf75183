using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// Has the images of coming steps at hand before they are wanted: which they are is known beforehand. Steps are read beside each other, for a disk
/// gives far more to many readers than to one that waits for each image.
/// </summary>
public sealed class ReadAhead
{
    private readonly ArtSet images;
    private readonly PixelFormat format;
    private readonly BatchSampler sampler;
    private readonly int steps;
    private readonly Queue<ComingStep> coming = new();
    private ComingStep? taken;

    /// <param name="images">The sampler's images.</param>
    /// <param name="format">Of the model.</param>
    /// <param name="sampler">Says which images a step has; nothing else uses it meanwhile.</param>
    /// <param name="steps">How many steps are read, or are ready, beyond the one that is taken.</param>
    public ReadAhead(ArtSet images, PixelFormat format, BatchSampler sampler, int steps) =>
        (this.images, this.format, this.sampler, this.steps) = (images, format, sampler, steps);

    /// <summary>The images of a step; waits for them where they are not there yet. Quick where steps are asked for in turn.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="pixels">As <see cref="ModelPixels.Pack"/> gives them, one image after another; until the next call.</param>
    /// <returns>Their numbers; until the next call.</returns>
    /// <exception cref="System.IO.IOException">The disk fails.</exception>
    public ReadOnlySpan<uint> Take(long step, out ReadOnlySpan<byte> pixels)
    {
        if (coming.TryPeek(out ComingStep? head) && head.Step != step)
            coming.Clear();
        for (ComingStep? spent = taken; coming.Count <= steps; spent = null)
            coming.Enqueue(Begin(step + coming.Count, spent));
        taken = coming.Dequeue();
        taken.Reading.GetAwaiter().GetResult();
        pixels = taken.Pixels;
        return taken.Rows;
    }

    /// <param name="spent">Its memory may be used again.</param>
    private ComingStep Begin(long step, ComingStep? spent)
    {
        int each = ModelPixels.BytesOf(format, images.Width, images.Height);
        ComingStep begun = spent ?? new ComingStep(new uint[sampler.Batch], new byte[checked(sampler.Batch * each)]);
        begun.Step = step;
        sampler.RowsAt(step, begun.Rows);
        // A thread of its own, since it may wait for the disk most of the time.
        begun.Reading = Task.Factory.StartNew(() => Read(begun, each), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return begun;
    }

    private void Read(ComingStep step, int each)
    {
        var rgba = new byte[4 * images.Width * images.Height];
        for (int i = 0; i < step.Rows.Length; i++)
        {
            images.Images[(int)step.Rows[i]].CopyTo(rgba);
            ModelPixels.Pack(format, rgba, step.Pixels.AsSpan(i * each, each));
        }
    }

    private sealed record ComingStep(uint[] Rows, byte[] Pixels)
    {
        public long Step { get; set; }

        public Task Reading { get; set; } = Task.CompletedTask;
    }
}

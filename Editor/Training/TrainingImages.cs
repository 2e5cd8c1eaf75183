using System;
using System.Runtime.InteropServices;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// Where the images of a training lie: on the device, once and for all; or, where they are too many for it, with the host, in its memory or on its
/// disk, from which each submission takes those of its steps along. The training is the same to the bit.
/// </summary>
public sealed class TrainingImages
{
    private const int UploadBytes = 1 << 26;
    private readonly VaeArchitecture architecture;
    private readonly int batch;
    private readonly int steps;
    private ArtSet? all;
    private ReadAhead? ahead;

    /// <param name="count">Of the training.</param>
    /// <param name="steps">Of a submission.</param>
    /// <param name="batch">Of a step.</param>
    /// <param name="isStreamed">They stay with the host.</param>
    /// <param name="inFlight">Submissions at a time: each has places of its own.</param>
    public TrainingImages(VaeArchitecture architecture, int count, int steps, int batch, bool isStreamed, int inFlight)
    {
        (this.architecture, this.steps, this.batch, IsStreamed, InFlight) = (architecture, steps, batch, isStreamed, inFlight);
        int places = isStreamed ? checked(inFlight * steps * batch) : count;
        TensorMemory memory = isStreamed ? TensorMemory.Host : TensorMemory.Device;
        Pixels = new Tensor("images to choose from", Shape.Vector(checked(places * WordsOf(architecture))), memory) { HasZerosPastEnd = false };
        Labels = architecture.IsConditional ? new Tensor("their labels", Shape.Vector(places), memory) { HasZerosPastEnd = false } : null;
    }

    public bool IsStreamed { get; }

    /// <summary>Submissions at a time.</summary>
    public int InFlight { get; }

    /// <summary>Words: 8-bit pixels of all images, or of those of the steps in flight.</summary>
    public Tensor Pixels { get; }

    /// <summary>Words: of a conditional model, the place of each image's label in the architecture's list.</summary>
    public Tensor? Labels { get; }

    /// <summary>Bytes of one image on the device.</summary>
    public static int BytesOf(VaeArchitecture architecture) => 4 * WordsOf(architecture);

    /// <summary>Whether so many images are more than a kernel can bind, than half of the memory that is left, or than the options allow.</summary>
    public static bool AreTooMany(GpuDevice device, VaeArchitecture architecture, TrainingOptions options, int count) =>
        (long)count * BytesOf(architecture) > Math.Min(options.ImageMemoryBytes ?? long.MaxValue, Math.Min(device.Limits.MaxStorageBufferRange, device.AvailableBytes / 2));

    /// <summary>Whether images are streamed, steps of a submission, and submissions at a time.</summary>
    public static (bool IsStreamed, int Steps, int InFlight) PlanFor(GpuDevice device, VaeArchitecture architecture, TrainingOptions options, int count, int mostSteps)
    {
        if (!AreTooMany(device, architecture, options, count))
            return (false, mostSteps, RecordedTraining.MostInFlight);
        (int steps, int inFlight) = StepsOf(architecture, options.Batch, mostSteps);
        return (true, steps, inFlight);
    }

    /// <summary>Steps of a submission, and submissions at a time, whose images any device can bind.</summary>
    public static (int Steps, int InFlight) StepsOf(VaeArchitecture architecture, int batch, int most)
    {
        long all = GpuLimits.LeastStorageBufferRange / ((long)batch * BytesOf(architecture));
        int inFlight = (int)Math.Clamp(all, 1, RecordedTraining.MostInFlight);
        return ((int)Math.Clamp(all / inFlight, 1, most), inFlight);
    }

    /// <summary>Puts them where they are to lie.</summary>
    public void Upload(Workspace workspace, ArtSet images)
    {
        if (IsStreamed)
        {
            (all, ahead) = (images, null);
            return;
        }

        int words = WordsOf(architecture), atATime = Math.Max(1, UploadBytes / (4 * images.Width * images.Height));
        for (int first = 0; first < images.Images.Count; first += atATime)
        {
            int count = Math.Min(atATime, images.Images.Count - first);
            var packed = new byte[count * 4 * words];
            ModelPixels.Pack(architecture.Pixels, images.Pack(first, count), packed);
            workspace.Upload<uint>(Pixels, MemoryMarshal.Cast<byte, uint>(packed), (long)first * words);
        }

        if (Labels != null)
        {
            var labels = new uint[images.Images.Count];
            for (int i = 0; i < labels.Length; i++)
                labels[i] = LabelOf(images.Images[i]);
            workspace.Upload<uint>(Labels, labels);
        }
    }

    /// <summary>Before a submission: says where the images of a step lie on the device, and takes them along where they do not yet.</summary>
    /// <param name="sampler">Chooses them; always the same one.</param>
    /// <param name="step">From 0.</param>
    /// <param name="place">Its row of the step table.</param>
    /// <param name="rows">[batch], written.</param>
    /// <exception cref="System.IO.IOException">They can't be read from the disk.</exception>
    public void Bring(Workspace workspace, BatchSampler sampler, long step, int place, Span<uint> rows)
    {
        if (!IsStreamed)
        {
            sampler.RowsAt(step, rows);
            return;
        }

        ahead ??= new ReadAhead(all!, architecture.Pixels, sampler, steps);
        ReadOnlySpan<uint> chosen = ahead.Take(step, out ReadOnlySpan<byte> packed);
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(packed);
        words.CopyTo(workspace.Map<uint>(Pixels).Slice(place * words.Length, words.Length));
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = (uint)((place * batch) + i);
            if (Labels != null)
                workspace.Map<uint>(Labels)[(int)rows[i]] = LabelOf(all!.Images[(int)chosen[i]]);
        }
    }

    private static int WordsOf(VaeArchitecture architecture) => ModelPixels.BytesOf(architecture.Pixels, architecture.Width, architecture.Height) / 4;

    private uint LabelOf(ArtImage image) => (uint)architecture.LabelIndex(image.Label);
}

using System;
using System.Runtime.InteropServices;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// Where the images of a training lie: on the device, once and for all; or, where they are too many for it, in the host's memory, from which
/// each submission takes those of its steps along. The training is the same to the bit.
/// </summary>
public sealed class TrainingImages
{
    private readonly VaeArchitecture architecture;
    private readonly int batch;
    private ArtSet? all;

    /// <param name="count">Of the training.</param>
    /// <param name="steps">Of a submission.</param>
    /// <param name="batch">Of a step.</param>
    /// <param name="isStreamed">They stay in the host's memory.</param>
    /// <param name="inFlight">Submissions at a time: each has places of its own.</param>
    public TrainingImages(VaeArchitecture architecture, int count, int steps, int batch, bool isStreamed, int inFlight)
    {
        (this.architecture, this.batch, IsStreamed, InFlight) = (architecture, batch, isStreamed, inFlight);
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

    /// <summary>Steps of a submission, and submissions at a time, whose images any device can bind.</summary>
    public static (int Steps, int InFlight) StepsOf(VaeArchitecture architecture, int batch, int most)
    {
        long all = (1L << 27) / ((long)batch * BytesOf(architecture));
        int inFlight = (int)Math.Clamp(all, 1, RecordedTraining.MostInFlight);
        return ((int)Math.Clamp(all / inFlight, 1, most), inFlight);
    }

    /// <summary>Puts them where they are to lie.</summary>
    public void Upload(Workspace workspace, ArtSet images)
    {
        if (IsStreamed)
        {
            all = images;
            return;
        }

        workspace.Upload<uint>(Pixels, MemoryMarshal.Cast<byte, uint>(ModelPixels.Pack(architecture.Pixels, images.Pack())));
        if (Labels != null)
        {
            var labels = new uint[images.Images.Count];
            for (int i = 0; i < labels.Length; i++)
                labels[i] = LabelOf(images.Images[i]);
            workspace.Upload<uint>(Labels, labels);
        }
    }

    /// <summary>Before a submission: takes the images of its step along, and says in <paramref name="rows"/> where they lie.</summary>
    /// <param name="step">Its row of the step table.</param>
    /// <param name="rows">In: numbers of images. Out: their places on the device.</param>
    public void Bring(Workspace workspace, int step, Span<uint> rows)
    {
        if (!IsStreamed)
            return;
        int words = WordsOf(architecture);
        Span<uint> pixels = workspace.Map<uint>(Pixels);
        for (int i = 0; i < rows.Length; i++)
        {
            int place = (step * batch) + i;
            ArtImage image = all!.Images[(int)rows[i]];
            MemoryMarshal.Cast<byte, uint>(ModelPixels.Pack(architecture.Pixels, image.Rgba)).CopyTo(pixels.Slice(place * words, words));
            if (Labels != null)
                workspace.Map<uint>(Labels)[place] = LabelOf(image);
            rows[i] = (uint)place;
        }
    }

    private static int WordsOf(VaeArchitecture architecture) => architecture.Width * architecture.Height / (architecture.Pixels == PixelFormat.Rgba ? 1 : 4);

    private uint LabelOf(ArtImage image) => (uint)architecture.LabelIndex(image.Label);
}

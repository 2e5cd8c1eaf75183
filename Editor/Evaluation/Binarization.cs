using System;
using System.Threading.Tasks;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>
/// Makes images of zeros and ones at random, each value 1 with itself as the probability (Burda et al. 2015, arXiv:1509.00519, section 5):
/// what a model saw in training, once and for all from a seed, so that figures can be had again.
/// </summary>
public static class Binarization
{
    private const uint Stream = 0x410;

    /// <summary>
    /// Value j of image n becomes 1 where u ≤ value, else 0; u is uniform, from word j mod 4 of the draw with element ⌊j / 4⌋ and step n
    /// (<see cref="Philox"/>). So 0 and 1 stay as they are.
    /// </summary>
    /// <param name="seed">The key.</param>
    /// <param name="values">Whole images, in [0, 1]; changed in place.</param>
    /// <param name="each">Values of an image.</param>
    /// <param name="first">The number of the first image.</param>
    public static void Apply(ulong seed, float[] values, int each, int first = 0) => Parallel.For(0, values.Length / each, n =>
    {
        Span<float> image = values.AsSpan(n * each, each);
        for (int j = 0; j < each; j += 4)
        {
            (uint a, uint b, uint c, uint d) = Philox.Draw(seed, (uint)j / 4, (uint)(first + n), Stream, 0);
            ReadOnlySpan<uint> words = [a, b, c, d];
            for (int i = 0; i < Math.Min(4, each - j); i++)
                image[j + i] = Philox.Uniform(words[i]) <= image[j + i] ? 1 : 0;
        }
    });

    /// <summary>Whether the model was trained on binarized images.</summary>
    public static bool IsOf(VaeModel model) =>
        model.Provenance.TryGetValue("options", out string? json) && TrainingOptions.FromJson(json).Binarize;
}

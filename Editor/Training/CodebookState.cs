using System;
using System.Linq;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// What a codebook carries from step to step, without padding: beside <see cref="OptimizerState"/>, all that a resumption needs.
/// </summary>
/// <param name="Codebook">e, [Kc, D]</param>
/// <param name="Counts">Moving averages of the uses, [Kc]</param>
/// <param name="Sums">Moving averages of the sums, [Kc, D]</param>
public sealed record CodebookState(float[] Codebook, float[] Counts, float[] Sums)
{
    private const string CodesName = "codebook", CountsName = "codebook_counts", SumsName = "codebook_sums";

    /// <summary>
    /// A state whose codes are <paramref name="codes"/> and whose counts are <paramref name="shares"/> of the pixels of a batch.
    /// </summary>
    /// <param name="codes">[Kc, D]</param>
    /// <param name="shares">[Kc], adding up to 1.</param>
    /// <param name="pixels">N·h·w of a training batch.</param>
    public static CodebookState Start(float[] codes, float[] shares, int pixels)
    {
        int d = codes.Length / shares.Length;
        // A code that no point chose counts for a pixel: its first uses move it, and it is not divided by 0.
        float[] counts = shares.Select(s => Math.Max(s * pixels, 1f)).ToArray();
        return new CodebookState(codes, counts, codes.Select((e, i) => e * counts[i / d]).ToArray());
    }

    public static CodebookState Capture(Workspace workspace, Codebook codebook) => new(
        workspace.Download<float>(codebook.Values)[..(codebook.Codes * codebook.Dimensions)],
        workspace.Download<float>(codebook.Counts).Where((_, i) => i % 4 == 0).ToArray(),
        workspace.Download<float>(codebook.Sums));

    /// <summary>Takes up this state.</summary>
    /// <exception cref="ArgumentException">It is of a codebook of another size.</exception>
    public void Restore(Workspace workspace, Codebook codebook)
    {
        int values = codebook.Codes * codebook.Dimensions;
        if (Codebook.Length != values || Counts.Length != codebook.Codes || Sums.Length != values)
            throw new ArgumentException($"A codebook of {codebook.Codes} codes of {codebook.Dimensions} dimensions can't take up " +
                $"a state of {Counts.Length} codes with {Codebook.Length} and {Sums.Length} values.");
        workspace.Device.WaitIdle();
        workspace.Upload<float>(codebook.Values, Codebook);
        workspace.Upload<float>(codebook.Counts, Counts.SelectMany(c => (float[])[c, 0, 0, 0]).ToArray());
        workspace.Upload<float>(codebook.Sums, Sums);
    }

    /// <summary>Whether every number is finite.</summary>
    public bool IsFinite() => Codebook.Concat(Counts).Concat(Sums).All(float.IsFinite);

    /// <summary>Adds the tensors "codebook", "codebook_counts" and "codebook_sums" to a checkpoint.</summary>
    public void AddTo(SafetensorsWriter writer)
    {
        int k = Counts.Length, d = Codebook.Length / k;
        writer.AddFloats(CodesName, Codebook, k, d);
        writer.AddFloats(CountsName, Counts, k);
        writer.AddFloats(SumsName, Sums, k, d);
    }

    /// <summary>What <see cref="AddTo"/> has written.</summary>
    /// <exception cref="ModelFileException">A tensor is missing, or of another size.</exception>
    public static CodebookState Read(SafetensorsFile file, int codes, int dimensions) =>
        new(file.GetFloats(CodesName, codes, dimensions), file.GetFloats(CountsName, codes), file.GetFloats(SumsName, codes, dimensions));
}

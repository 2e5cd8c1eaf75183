using System;
using System.Linq;

namespace VaeProcgen.Editor.Evaluation;

/// <summary>How much of a codebook some images use.</summary>
/// <param name="Codes">Vectors in the codebook.</param>
/// <param name="Used">How many of them are the nearest one somewhere.</param>
/// <param name="Perplexity">exp of the entropy of their frequencies: as many codes, all used alike, would say as much.</param>
public sealed record CodebookUse(int Codes, int Used, double Perplexity)
{
    /// <param name="codes">Of all places of all images.</param>
    /// <param name="count">Vectors in the codebook.</param>
    public static CodebookUse Of(int[] codes, int count)
    {
        var uses = new long[count];
        foreach (int code in codes)
            uses[code]++;
        double entropy = uses.Where(n => n > 0).Sum(n => -(double)n / codes.Length * Math.Log((double)n / codes.Length));
        return new CodebookUse(count, uses.Count(n => n > 0), Math.Exp(entropy));
    }
}

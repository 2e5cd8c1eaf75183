using System;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Runtime.Latents;

/// <summary>Each code of a grid drawn by itself, all codes alike: what a <see cref="CodePrior"/> is measured against.</summary>
public sealed class RandomCodePrior : ILatentPrior
{
    private readonly CodePrior prior;

    /// <param name="prior">Gives codebook and grid.</param>
    public RandomCodePrior(CodePrior prior) => this.prior = prior;

    public string Kind => "random-codes";

    public int Size => prior.Size;

    /// <summary>The temperature has no part in it.</summary>
    /// <inheritdoc/>
    public void Sample(ulong seed, uint index, float temperature, Span<float> z)
    {
        var codes = new int[prior.Shape.Grid.Codes];
        for (int i = 0; i < codes.Length; i++)
        {
            uint word = Philox.Draw(seed, (uint)i, index, PriorStreams.RandomCode, 0).X;
            codes[i] = (int)((ulong)word * (ulong)prior.Shape.Codes >> 32);
        }

        prior.Look(codes, z);
    }

    public float[] SampleMany(ulong seed, uint start, int count, float temperature) =>
        LatentPriors.SampleEach(this, seed, start, count, temperature);

    /// <summary>It has no tensors of its own.</summary>
    public void WriteTo(SafetensorsWriter writer)
    {
    }
}

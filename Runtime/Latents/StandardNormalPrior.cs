using System;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Runtime.Latents;

/// <summary>N(0, I): z = temperature ε.</summary>
public sealed class StandardNormalPrior : ILatentPrior
{
    public StandardNormalPrior(int size)
    {
        Size = size > 0 ? size : throw new ArgumentOutOfRangeException(nameof(size), size, "A latent has at least 1 dimension.");
    }

    public string Kind => "normal";

    public int Size { get; }

    public void Sample(ulong seed, uint index, float temperature, Span<float> z)
    {
        LatentMath.RequireLength(Size, z.Length, nameof(z));
        Philox.FillNormals(seed, PriorStreams.Normals, index, z);
        for (int j = 0; j < z.Length; j++)
        {
            z[j] *= temperature;
        }
    }

    public float[] SampleMany(ulong seed, uint start, int count, float temperature) =>
        LatentPriors.SampleEach(this, seed, start, count, temperature);

    public void WriteTo(SafetensorsWriter writer) { }
}

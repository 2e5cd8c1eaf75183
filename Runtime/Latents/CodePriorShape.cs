using System;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Latents;

/// <summary>The sizes of a <see cref="CodePrior"/>.</summary>
/// <param name="Grid">h × w codes, and how far back a code may look.</param>
/// <param name="Codes">Kc, the size of the codebook.</param>
/// <param name="Dimensions">D of a code.</param>
/// <param name="Embedding">E, the numbers by which the network knows an earlier code; a multiple of 4.</param>
/// <param name="Hidden">The width of the network, a multiple of 4.</param>
/// <param name="Blocks">The number of residual blocks.</param>
/// <param name="Labels">Kinds of assets to choose from; 0: none.</param>
public sealed record CodePriorShape(
    CodeGrid Grid, int Codes, int Dimensions, int Embedding = 32, int Hidden = 256, int Blocks = 2, int Labels = 0)
{
    private const int MostCodes = 65536;

    /// <summary>h·w·D, the size of a latent.</summary>
    public int LatentSize => checked(Grid.Codes * Dimensions);

    /// <summary>Checks the sizes.</summary>
    /// <exception cref="ArgumentException">One is out of range.</exception>
    public CodePriorShape Validate()
    {
        bool fits = Grid.Codes > 0 && Codes is >= 2 and <= MostCodes && Dimensions >= 1 && Blocks >= 0 && Labels >= 0
            && Embedding >= 4 && Embedding % 4 == 0 && Hidden >= 4 && Hidden % 4 == 0;
        return fits
            ? this
            : throw new ArgumentException($"A prior over codes needs a grid, 2 to {MostCodes} codes of at least 1 dimension, " +
                "an embedding and a width that are multiples of 4, and no negative number of blocks or labels; found {this}.");
    }
}

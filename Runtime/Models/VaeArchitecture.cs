using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>The families of networks; each has one file that says how it is built.</summary>
public enum NetworkKind
{
    /// <summary>Strided 4×4 convolutions down, transposed ones up: the fastest (<see cref="ConvNetwork"/>).</summary>
    Conv,

    /// <summary>Residual blocks with group normalization and SiLU, nearest-neighbour upsampling (<see cref="ResidualNetwork"/>).</summary>
    Residual,

    /// <summary>Fully connected layers with tanh (<see cref="MlpNetwork"/>).</summary>
    Mlp,

    /// <summary>One linear layer on each side: probabilistic PCA (<see cref="LinearNetwork"/>).</summary>
    Linear,
}

/// <summary>What stands between encoder and decoder.</summary>
public enum LatentKind
{
    /// <summary>A diagonal Gaussian: the encoder gives μ and log σ².</summary>
    Gaussian,

    /// <summary>The encoder's output itself, as in a deterministic autoencoder.</summary>
    Point,

    /// <summary>Variables of a few classes each, one-hot: the encoder gives logits.</summary>
    Categorical,

    /// <summary>A grid of vectors from a codebook, as in a VQ-VAE.</summary>
    Quantized,
}

/// <summary>What the model knows of a pixel.</summary>
public enum PixelFormat
{
    /// <summary>Premultiplied red, green, blue, and alpha.</summary>
    Rgba,

    /// <summary>One grey value: of other images, the luma over black.</summary>
    Grey,
}

/// <summary>Everything that must be known to build a model's networks, and to score and show its images.</summary>
/// <param name="Network">Which family.</param>
/// <param name="Width">Image width in pixels.</param>
/// <param name="Height">Image height in pixels.</param>
/// <param name="LatentSize">Z, a multiple of 4.</param>
/// <param name="Channels">Channels of each level from the image inwards, multiples of 4; for <see cref="NetworkKind.Mlp"/> the hidden widths; for <see cref="NetworkKind.Linear"/> none.</param>
/// <param name="Likelihood">p(x|z).</param>
/// <param name="Padding">Circular: what the model makes tiles.</param>
public sealed record VaeArchitecture(
    NetworkKind Network,
    int Width,
    int Height,
    int LatentSize,
    IReadOnlyList<int> Channels,
    LikelihoodOptions Likelihood,
    PaddingMode Padding = PaddingMode.Zero)
{
    /// <summary>What stands between encoder and decoder.</summary>
    public LatentKind Latent { get; init; }

    /// <summary>
    /// The latent is a grid of this side, [side, side, Z / side²], which keeps its place in the image; 0: one flat vector.
    /// </summary>
    public int LatentSide { get; init; }

    /// <summary>Of categorical latents: classes of a variable; there are Z / classes variables.</summary>
    public int Classes { get; init; }

    /// <summary>Of quantized latents: vectors in the codebook.</summary>
    public int Codes { get; init; }

    /// <summary>Size of a second layer of Gaussian latents above the first, whose prior it forms; 0: none.</summary>
    public int TopLatentSize { get; init; }

    /// <summary>Of a conditional model: the labels that encoder and decoder are told, in their order.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    public PixelFormat Pixels { get; init; }

    private const int MostChannels = 4096;
    private const int MostLevels = 8;
    private const int MostLabels = 1024;

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Values of an image: the number of terms in its log-likelihood.</summary>
    [JsonIgnore]
    public int Values => Width * Height * ImageChannels;

    /// <summary>Values of a pixel: 4 or 1.</summary>
    [JsonIgnore]
    public int ImageChannels => Pixels == PixelFormat.Rgba ? 4 : 1;

    /// <summary>How a batch of images lies in memory.</summary>
    [JsonIgnore]
    public PixelPacking Packing => Pixels == PixelFormat.Rgba ? PixelPacking.Rgba : IsFullyConnected ? PixelPacking.GreyPacked : PixelPacking.Grey;

    /// <summary>Independent parts of the latent: 1, or one for each place of the grid.</summary>
    [JsonIgnore]
    public int Cells => LatentSide == 0 ? 1 : LatentSide * LatentSide;

    /// <summary>What the encoder gives for each number of the latent: 2 for μ and log σ², else 1.</summary>
    [JsonIgnore]
    public int HeadFactor => Latent == LatentKind.Gaussian ? 2 : 1;

    /// <summary>Whether latents were trained against N(0, I), so that drawing from it has a meaning.</summary>
    [JsonIgnore]
    public bool HasNormalPrior => Latent == LatentKind.Gaussian && TopLatentSize == 0;

    [JsonIgnore]
    public bool IsConditional => Labels.Count > 0;

    /// <summary>Whether the network reads an image as one vector.</summary>
    [JsonIgnore]
    public bool IsFullyConnected => Network is NetworkKind.Mlp or NetworkKind.Linear;

    /// <summary>Pixels by which each level divides the image: 2^levels; 1 for a fully connected network.</summary>
    [JsonIgnore]
    public int Reduction => IsFullyConnected ? 1 : 1 << Channels.Count;

    /// <summary>Checks that the networks can be built.</summary>
    /// <exception cref="ArgumentException">They can't; the message says why and what to choose.</exception>
    public VaeArchitecture Validate()
    {
        if (!Enum.IsDefined(typeof(NetworkKind), Network) || !Enum.IsDefined(typeof(PaddingMode), Padding))
            throw new ArgumentException($"There is no network '{Network}' with padding '{Padding}'. Choose one of: {string.Join(", ", Enum.GetNames(typeof(NetworkKind)))}.");
        if (!IsCount(LatentSize))
            throw new ArgumentException($"The latent size must be a multiple of 4, from 4 to {MostChannels}; found {LatentSize}. Choose {Math.Clamp((LatentSize + 3L) / 4 * 4, 4, MostChannels)}.");
        if (Network == NetworkKind.Linear ? Channels.Count != 0 : Channels.Count is 0 or > MostLevels || !Channels.All(IsCount))
            throw new ArgumentException($"Channels must be multiples of 4, from 4 to {MostChannels}, for 1 to {MostLevels} levels, and none for a linear network; found [{string.Join(", ", Channels)}].");
        if (Width < 4 || Height < 4 || Width > 1024 || Height > 1024)
            throw new ArgumentException($"Images must be 4 to 1024 pixels wide and high; found {Width}×{Height}.");
        if (Width % Reduction != 0 || Height % Reduction != 0)
            throw new ArgumentException($"{Channels.Count} levels halve the image {Channels.Count} times, so its sides must be multiples of {Reduction}; found {Width}×{Height}. Choose another size, or fewer levels.");
        Likelihood.Validate();
        ValidateLatent();
        if (Pixels == PixelFormat.Grey && Width % 4 != 0)
            throw new ArgumentException($"Grey images must be a multiple of 4 wide; found {Width}×{Height}.");
        if (Labels.Distinct(StringComparer.Ordinal).Count() != Labels.Count || Labels.Count is 1 or > MostLabels)
            throw new ArgumentException($"A conditional model needs 2 to {MostLabels} different labels; found {Labels.Count}. Put the images into sub-folders, one for each label.");
        return this;
    }

    /// <summary>The place of a label in <see cref="Labels"/>.</summary>
    /// <exception cref="ArgumentException">The model does not know it.</exception>
    public int LabelIndex(string label)
    {
        for (int i = 0; i < Labels.Count; i++)
        {
            if (Labels[i] == label)
                return i;
        }

        throw new ArgumentException($"The model knows no label '{label}'; it knows {(IsConditional ? string.Join(", ", Labels) : "none, as it is not conditional")}.");
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="ArgumentException">The text is not an architecture, or can't be built.</exception>
    public static VaeArchitecture FromJson(string json)
    {
        try
        {
            VaeArchitecture? read = JsonSerializer.Deserialize<VaeArchitecture>(json, Json);
            return read is { Channels: not null, Likelihood: not null, Labels: not null } ? read.Validate() : throw new ArgumentException("it lacks channels or a likelihood");
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The architecture is not the JSON that was expected: {e.Message}", e);
        }
    }

    private void ValidateLatent()
    {
        if (!Enum.IsDefined(typeof(LatentKind), Latent) || !Enum.IsDefined(typeof(PixelFormat), Pixels))
            throw new ArgumentException($"There are no latents '{Latent}' of pixels '{Pixels}'. Choose one of: {string.Join(", ", Enum.GetNames(typeof(LatentKind)))}.");
        if (LatentSide != 0)
        {
            if (IsFullyConnected)
                throw new ArgumentException("A fully connected network has no grid of latents. Choose a convolutional preset, or flat latents.");
            if (Width / Reduction != LatentSide || Height / Reduction != LatentSide)
                throw new ArgumentException($"{Channels.Count} levels make a grid of {Width / Reduction}×{Height / Reduction} out of {Width}×{Height}; found latents on a grid of {LatentSide}×{LatentSide}.");
            if (LatentSize % (4 * Cells) != 0)
                throw new ArgumentException($"Latents on a grid of {LatentSide}×{LatentSide} need a size that is a multiple of {4 * Cells}, 4 numbers for each place; found {LatentSize}.");
        }

        if (Latent == LatentKind.Categorical && (Classes < 2 || LatentSize % Classes != 0 || LatentSide != 0))
            throw new ArgumentException($"Categorical latents are flat, of at least 2 classes, and the latent size is a multiple of the classes; found {LatentSize} and {Classes} classes.");
        if (TopLatentSize != 0 && (!IsCount(TopLatentSize) || Latent != LatentKind.Gaussian || LatentSide != 0 || IsConditional))
            throw new ArgumentException($"A second layer of latents has a size that is a multiple of 4, from 4 to {MostChannels}, and stands above flat Gaussian ones that are told no labels; found {TopLatentSize} above {Latent} latents.");
        if (Latent == LatentKind.Quantized && (LatentSide == 0 || Codes is < 8 or > 4096))
            throw new ArgumentException($"Quantized latents lie on a grid and have a codebook of 8 to 4096 vectors; found a grid of {LatentSide}×{LatentSide} and {Codes} vectors.");
    }

    private static bool IsCount(int channels) => channels is >= 4 and <= MostChannels && channels % 4 == 0;
}

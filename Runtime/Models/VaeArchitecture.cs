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
}

/// <summary>Everything that must be known to build a model's networks, and to score and show its images.</summary>
/// <param name="Network">Which family.</param>
/// <param name="Width">Image width in pixels.</param>
/// <param name="Height">Image height in pixels.</param>
/// <param name="LatentSize">Z, a multiple of 4.</param>
/// <param name="Channels">Channels of each level from the image inwards, multiples of 4; for <see cref="NetworkKind.Mlp"/> the hidden widths.</param>
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
    /// <summary>Red, green, blue, alpha.</summary>
    public const int ImageChannels = 4;

    private const int MostChannels = 4096;
    private const int MostLevels = 8;

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Values of an image: the number of terms in its log-likelihood.</summary>
    [JsonIgnore]
    public int Values => Width * Height * ImageChannels;

    /// <summary>Pixels by which each level divides the image: 2^levels; 1 for an MLP.</summary>
    [JsonIgnore]
    public int Reduction => Network == NetworkKind.Mlp ? 1 : 1 << Channels.Count;

    /// <summary>Checks that the networks can be built.</summary>
    /// <exception cref="ArgumentException">They can't; the message says why and what to choose.</exception>
    public VaeArchitecture Validate()
    {
        if (!Enum.IsDefined(typeof(NetworkKind), Network) || !Enum.IsDefined(typeof(PaddingMode), Padding))
            throw new ArgumentException($"There is no network '{Network}' with padding '{Padding}'. Choose one of: {string.Join(", ", Enum.GetNames(typeof(NetworkKind)))}.");
        if (!IsCount(LatentSize))
            throw new ArgumentException($"The latent size must be a multiple of 4, from 4 to {MostChannels}; found {LatentSize}. Choose {Math.Clamp((LatentSize + 3L) / 4 * 4, 4, MostChannels)}.");
        if (Channels.Count is 0 or > MostLevels || !Channels.All(IsCount))
            throw new ArgumentException($"Channels must be multiples of 4, from 4 to {MostChannels}, for 1 to {MostLevels} levels; found [{string.Join(", ", Channels)}].");
        if (Width < 4 || Height < 4 || Width > 1024 || Height > 1024)
            throw new ArgumentException($"Images must be 4 to 1024 pixels wide and high; found {Width}×{Height}.");
        if (Width % Reduction != 0 || Height % Reduction != 0)
            throw new ArgumentException($"{Channels.Count} levels halve the image {Channels.Count} times, so its sides must be multiples of {Reduction}; found {Width}×{Height}. Choose another size, or fewer levels.");
        if (!Enum.IsDefined(typeof(LikelihoodKind), Likelihood.Kind) || !Enum.IsDefined(typeof(LikelihoodLink), Likelihood.Link)
            || (Likelihood.Kind == LikelihoodKind.Bernoulli && Likelihood.Link != LikelihoodLink.Sigmoid))
            throw new ArgumentException($"There is no {Likelihood.Kind} likelihood with link {Likelihood.Link}. Choose Laplace, Gaussian or Bernoulli with the sigmoid; the first two go with the identity too.");
        if (Likelihood.FixedScale is { } scale && !(scale > 0 && scale < float.PositiveInfinity))
            throw new ArgumentException($"A fixed scale of the likelihood must be above 0 and finite; found {scale}.");
        return this;
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="ArgumentException">The text is not an architecture, or can't be built.</exception>
    public static VaeArchitecture FromJson(string json)
    {
        try
        {
            VaeArchitecture? read = JsonSerializer.Deserialize<VaeArchitecture>(json, Json);
            return read is { Channels: not null, Likelihood: not null } ? read.Validate() : throw new ArgumentException("it lacks channels or a likelihood");
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The architecture is not the JSON that was expected: {e.Message}", e);
        }
    }

    private static bool IsCount(int channels) => channels is >= 4 and <= MostChannels && channels % 4 == 0;
}

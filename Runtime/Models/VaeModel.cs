using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Models;

/// <summary>The posterior of one training asset, by name.</summary>
/// <param name="Name">Path of the image in its folder, with / between parts.</param>
/// <param name="Label">The first sub-folder, or empty.</param>
/// <param name="Mean">μ, [Z]</param>
public sealed record AssetLatent(string Name, string Label, float[] Mean);

/// <summary>The unpadded values of one parameter.</summary>
/// <param name="Shape">[R, S, C, K], [C, K] or [K].</param>
/// <param name="Values">Row-major.</param>
public sealed record WeightTensor(IReadOnlyList<int> Shape, float[] Values);

/// <summary>
/// A trained model: all that a game or a further training needs, in one safetensors file. Tensors: <c>weight.NAME</c> (averaged
/// weights, unpadded), <c>latents.mean</c> and <c>latents.deviation</c> [Z] (of the training assets' μ),
/// <c>assets.mean</c> [assets, Z], <c>prior.*</c>, <c>features.NAME</c> (weights of the <see cref="FeatureNetwork"/>), and what <see cref="LatentDirections"/> adds. Metadata: format, architecture, scale,
/// provenance, assets, labels, hash.
/// </summary>
public sealed class VaeModel
{
    /// <summary>The value of the metadata key "format". A reader refuses another one.</summary>
    public const string Format = "vaeprocgen-1";

    private const string WeightPrefix = "weight.";
    private const string FeaturePrefix = "features.";
    // As the file has it: what is hashed must not change with what later versions write.
    private readonly string architectureText;
    private IReadOnlyDictionary<string, float[]> directions = new Dictionary<string, float[]>();
    private IReadOnlyDictionary<string, WeightTensor> featureWeights = new Dictionary<string, WeightTensor>();
    private IReadOnlyList<ILatentPrior> priors;
    private IReadOnlyList<AssetLatent> assets = [];
    private string? hash;

    public VaeModel(VaeArchitecture architecture, IReadOnlyDictionary<string, WeightTensor> weights)
        : this(architecture, architecture.ToJson(), weights)
    {
    }

    private VaeModel(VaeArchitecture architecture, string architectureText, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        (Architecture, this.architectureText, Weights) = (architecture, architectureText, weights);
        LatentMean = new float[architecture.LatentSize];
        LatentDeviation = Enumerable.Repeat(1f, architecture.LatentSize).ToArray();
        priors = architecture.HasNormalPrior ? [new StandardNormalPrior(architecture.LatentSize)] : [];
    }

    public VaeArchitecture Architecture { get; }

    /// <summary>By parameter name.</summary>
    public IReadOnlyDictionary<string, WeightTensor> Weights { get; }

    /// <summary>
    /// Weights of the <see cref="FeatureNetwork"/> in whose features reconstructions were compared; empty where pixels were. Encoding and
    /// decoding need none of them, and <see cref="Hash"/> leaves them out.
    /// </summary>
    public IReadOnlyDictionary<string, WeightTensor> FeatureWeights
    {
        get => featureWeights;
        init => featureWeights = value;
    }

    /// <summary>The likelihood's scale (σ or b) over the training images: what an ELBO is computed with.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Mean of μ over the training assets and, where training mirrored them, their mirror images, [Z].</summary>
    public float[] LatentMean { get; init; }

    /// <summary>Standard deviation of μ over the same images, [Z].</summary>
    public float[] LatentDeviation { get; init; }

    /// <summary>Best first; the standard normal is there where latents were trained against it.</summary>
    public IReadOnlyList<ILatentPrior> Priors
    {
        get => priors;
        init => priors = value;
    }

    /// <summary>The training assets.</summary>
    public IReadOnlyList<AssetLatent> Assets
    {
        get => assets;
        init => assets = value;
    }

    /// <summary>Directions of the latent space by name, [Z] each: a latent z moves to z + amount · direction.</summary>
    public IReadOnlyDictionary<string, float[]> Directions
    {
        get => directions;
        init => directions = value;
    }

    /// <summary>How it came about: seed, steps, data hash, options, version; strings by name.</summary>
    public IReadOnlyDictionary<string, string> Provenance { get; init; } = new Dictionary<string, string>();

    /// <summary>SHA-256 over architecture and weights, hexadecimal: equal hashes decode alike.</summary>
    public string Hash => hash ??= ComputeHash(value => value);

    private IEnumerable<KeyValuePair<string, WeightTensor>> InOrder => Ordered(Weights);

    /// <summary>The prior of a kind (<see cref="ILatentPrior.Kind"/>), or the best one for null.</summary>
    /// <exception cref="ArgumentException">The model has none of that kind.</exception>
    public ILatentPrior Prior(string? kind = null) => Priors.FirstOrDefault(p => kind == null || p.Kind == kind)
        ?? throw new ArgumentException($"The model has no prior{(kind == null ? "" : $" '{kind}'")}; it has {(Priors.Count == 0 ? "none, so nothing can be sampled" : string.Join(", ", Priors.Select(p => p.Kind)))}.");

    /// <summary>The direction of a name, [Z].</summary>
    /// <exception cref="ArgumentException">The model has none of that name.</exception>
    public float[] Direction(string name) => Directions.TryGetValue(name, out float[]? direction)
        ? direction
        : throw new ArgumentException($"The model has no direction '{name}'; it has "
            + $"{(Directions.Count == 0 ? "none" : string.Join(", ", Directions.Keys.OrderBy(n => n, StringComparer.Ordinal)))}. "
            + "'attributes' makes and lists them.");

    /// <summary>The same model with other directions; <see cref="Hash"/> stays as it is.</summary>
    public VaeModel WithDirections(IReadOnlyDictionary<string, float[]> changed)
    {
        var copy = (VaeModel)MemberwiseClone();
        copy.directions = changed;
        return copy;
    }

    /// <summary>Values of a parameter, for <see cref="VaeRunner.LoadWeights"/>.</summary>
    /// <exception cref="ModelFileException">The model lacks the parameter, or holds another number of values.</exception>
    public float[] WeightsOf(Parameter parameter) => ValuesOf(Weights, parameter);

    /// <summary>Values of a parameter of the <see cref="FeatureNetwork"/>.</summary>
    /// <inheritdoc cref="WeightsOf"/>
    public float[] FeatureWeightsOf(Parameter parameter) => ValuesOf(FeatureWeights, parameter);

    private static IEnumerable<KeyValuePair<string, WeightTensor>> Ordered(IReadOnlyDictionary<string, WeightTensor> weights) =>
        weights.OrderBy(w => w.Key, StringComparer.Ordinal);

    private static float[] ValuesOf(IReadOnlyDictionary<string, WeightTensor> weights, Parameter parameter)
    {
        if (!weights.TryGetValue(parameter.Name, out WeightTensor? weight) || !weight.Shape.SequenceEqual(parameter.LogicalShape))
            throw new ModelFileException($"The model's architecture needs weights '{parameter.Name}' of [{string.Join(", ", parameter.LogicalShape)}]; found {(weight == null ? "none" : $"[{string.Join(", ", weight.Shape)}]")}. The file does not match its own architecture; train it again.");
        return weight.Values;
    }

    /// <summary>
    /// The same model with fewer priors and assets, and without <see cref="FeatureWeights"/>: for a game, which does not measure.
    /// <see cref="Hash"/> stays as it is.
    /// </summary>
    /// <param name="kept">
    /// Of <see cref="Priors"/>, best first. Those that need no numbers of their own are there again when it is loaded.
    /// </param>
    /// <param name="keptAssets">Of <see cref="Assets"/>.</param>
    public VaeModel Reduced(IReadOnlyList<ILatentPrior> kept, IReadOnlyList<AssetLatent> keptAssets)
    {
        var copy = (VaeModel)MemberwiseClone();
        (copy.priors, copy.assets, copy.featureWeights) = (kept, keptAssets, new Dictionary<string, WeightTensor>());
        return copy;
    }

    /// <param name="path">Written beside and renamed.</param>
    /// <exception cref="ModelFileException">The file can't be written; an older one is untouched.</exception>
    /// <exception cref="ArgumentException">
    /// A number is beyond ±65504, and <paramref name="storage"/> is half; the message names it.
    /// </exception>
    public void Save(string path, WeightStorage storage = WeightStorage.Single) => Writer(storage).Save(path);

    /// <summary>The file as bytes.</summary>
    /// <inheritdoc cref="Save"/>
    public byte[] ToBytes(WeightStorage storage = WeightStorage.Single)
    {
        using var bytes = new MemoryStream();
        Writer(storage).WriteTo(bytes);
        return bytes.ToArray();
    }

    private SafetensorsWriter Writer(WeightStorage storage)
    {
        var writer = new SafetensorsWriter { Halves = storage == WeightStorage.Half };
        foreach (KeyValuePair<string, WeightTensor> weight in InOrder)
            writer.AddFloats(WeightPrefix + weight.Key, weight.Value.Values, weight.Value.Shape.Select(d => (long)d).ToArray());
        foreach (KeyValuePair<string, WeightTensor> weight in Ordered(FeatureWeights))
            writer.AddFloats(FeaturePrefix + weight.Key, weight.Value.Values, weight.Value.Shape.Select(d => (long)d).ToArray());
        foreach (ILatentPrior prior in Priors)
            prior.WriteTo(writer);
        writer.Halves = false;
        int z = Architecture.LatentSize;
        writer.AddFloats("latents.mean", LatentMean, z);
        writer.AddFloats("latents.deviation", LatentDeviation, z);
        if (Assets.Count > 0)
            writer.AddFloats("assets.mean", Assets.SelectMany(a => a.Mean).ToArray(), Assets.Count, z);
        LatentDirections.Write(writer, Directions, z);
        writer.Metadata["format"] = Format;
        writer.Metadata["architecture"] = architectureText;
        writer.Metadata["scale"] = Scale.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        writer.Metadata["pixels"] = "premultiplied RGBA in [0, 1], sRGB; stored images are straight-alpha RGBA8";
        writer.Metadata["provenance"] = JsonSerializer.Serialize(Provenance);
        writer.Metadata["assets"] = JsonSerializer.Serialize(Assets.Select(a => a.Name));
        writer.Metadata["labels"] = JsonSerializer.Serialize(Assets.Select(a => a.Label));
        writer.Metadata["hash"] = storage == WeightStorage.Single ? Hash : ComputeHash(HalfBits.Round);
        return writer;
    }

    /// <exception cref="ModelFileException">The file is damaged, foreign, or of another version; the message says what and where.</exception>
    public static VaeModel Load(string path) => From(SafetensorsFile.Read(path));

    /// <param name="stream">Read from where it stands to its end; it need not be seekable and is not closed.</param>
    /// <param name="source">What errors call it.</param>
    /// <inheritdoc cref="Load(string)"/>
    public static VaeModel Load(Stream stream, string source = "stream") => From(SafetensorsFile.Read(stream, source));

    /// <param name="bytes">A whole file; nothing refers to them afterwards.</param>
    /// <param name="source">What errors call them.</param>
    /// <inheritdoc cref="Load(string)"/>
    public static VaeModel Load(ReadOnlyMemory<byte> bytes, string source = "bytes") => From(SafetensorsFile.Parse(bytes, source));

    /// <inheritdoc cref="Load(string)"/>
    public static VaeModel From(SafetensorsFile file)
    {
        string Meta(string key) => file.Metadata.TryGetValue(key, out string? value) ? value : throw Foreign(file, $"it has no metadata '{key}'");
        if (Meta("format") != Format)
            throw Foreign(file, $"its format is '{Meta("format")}', and this version reads '{Format}'");
        file.RequireFinite();
        VaeArchitecture architecture;
        string[] names, labels;
        Dictionary<string, string> provenance;
        try
        {
            architecture = VaeArchitecture.FromJson(Meta("architecture"));
            names = JsonSerializer.Deserialize<string[]>(Meta("assets")) ?? [];
            labels = JsonSerializer.Deserialize<string[]>(Meta("labels")) ?? [];
            provenance = JsonSerializer.Deserialize<Dictionary<string, string>>(Meta("provenance")) ?? [];
        }
        catch (Exception e) when (e is ArgumentException or JsonException)
        {
            throw new ModelFileException($"{file.Source} is not a usable VaeProcgen model: {e.Message}", e);
        }

        if (names.Length != labels.Length || !double.TryParse(Meta("scale"), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double scale) || !(scale > 0))
            throw Foreign(file, $"its metadata disagree ({names.Length} assets, {labels.Length} labels, scale '{Meta("scale")}')");
        Dictionary<string, WeightTensor> Under(string prefix) => file.Tensors.Values.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(
            t => t.Name[prefix.Length..], t => new WeightTensor(t.Shape.Select(d => (int)d).ToArray(), file.GetFloats(t.Name, t.Shape)));
        int z = architecture.LatentSize;
        float[] means = names.Length == 0 ? [] : file.GetFloats("assets.mean", names.Length, z);
        var model = new VaeModel(architecture, Meta("architecture"), Under(WeightPrefix))
        {
            FeatureWeights = Under(FeaturePrefix),
            Scale = scale,
            LatentMean = file.GetFloats("latents.mean", z),
            LatentDeviation = file.GetFloats("latents.deviation", z),
            Priors = LatentPriors.ReadAll(file, z, architecture.HasNormalPrior),
            Assets = names.Select((n, i) => new AssetLatent(n, labels[i], means.AsSpan(i * z, z).ToArray())).ToList(),
            Directions = LatentDirections.Read(file, z),
            Provenance = provenance,
        };
        return model.Hash == Meta("hash") ? model : throw Foreign(file, "its weights do not have the hash that it states: it is damaged or was changed");
    }

    private static ModelFileException Foreign(SafetensorsFile file, string what) =>
        new($"{file.Source} is not a usable VaeProcgen model: {what}. Use a file written by 'train', or train again.");

    private string ComputeHash(Converter<float, float> stored)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(architectureText));
        foreach (KeyValuePair<string, WeightTensor> weight in InOrder)
        {
            sha.AppendData(Encoding.UTF8.GetBytes(weight.Key));
            var bytes = new byte[weight.Value.Values.Length * 4];
            Buffer.BlockCopy(Array.ConvertAll(weight.Value.Values, stored), 0, bytes, 0, bytes.Length);
            sha.AppendData(bytes);
        }

        return string.Concat(sha.GetHashAndReset().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Latents;

/// <summary>
/// Images and training assets that a person lists: folders of art, <c>procedural:COUNT</c>, PNG files, names of assets, and
/// <c>label:NAME</c> for all assets of a label. What is listed twice counts once.
/// </summary>
public sealed class LatentGroup
{
    private const string LabelPrefix = "label:", ProceduralPrefix = "procedural:";

    private readonly List<Member> members = [];

    private LatentGroup()
    {
    }

    /// <summary>How many images and assets.</summary>
    public int Count => members.Count;

    /// <summary>What each is called.</summary>
    public IReadOnlyList<string> Names => members.Select(m => m.Name).ToArray();

    /// <summary>Reads images and looks up assets; needs no device.</summary>
    /// <param name="model">Whose assets are meant, and whose size images are brought to.</param>
    /// <param name="words">What is listed.</param>
    /// <param name="import">How folders and files become images; their size is the model's.</param>
    /// <param name="label">Of a conditional model: that of images which have none of their own.</param>
    /// <exception cref="ArgumentException">
    /// A word is neither; or a label has no assets; or nothing is listed; or a conditional model does not know an image's label.
    /// </exception>
    /// <exception cref="ArtImportException">A folder gives no image.</exception>
    /// <exception cref="ImageFormatException">A file is no readable PNG.</exception>
    public static LatentGroup Gather(VaeModel model, IReadOnlyList<string> words, ImportOptions import, string? label = null)
    {
        var group = new LatentGroup();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (Member member in words.SelectMany(word => Find(model, word, import)))
        {
            if (seen.Add(member.Key))
                group.members.Add(member);
        }

        if (group.Count == 0)
            throw new ArgumentException("Expected at least one image, folder, training asset or label:NAME; found nothing listed.");
        group.LabelOf = ModelLabels.Of(model.Architecture, group.members.Select(m => (m.Name, m.Label == "" ? label ?? "" : m.Label)));
        return group;
    }

    /// <summary>Of a conditional model: the label of each.</summary>
    public IReadOnlyList<int>? LabelOf { get; private set; }

    /// <summary>What both groups hold: the same file, or the same asset.</summary>
    public IReadOnlyList<string> SharedWith(LatentGroup other)
    {
        HashSet<string> keys = other.members.Select(m => m.Key).ToHashSet(StringComparer.Ordinal);
        return members.Where(m => keys.Contains(m.Key)).Select(m => m.Name).ToArray();
    }

    /// <summary>Whether a member is the training asset of that name, rather than an image.</summary>
    public bool IsAsset(int index, string name) => members[index].Mean != null && members[index].Name == name;

    /// <summary>μ of each member, [Count, Z]: of assets as the model holds it, of images as it encodes them.</summary>
    public float[] Encode(ModelSession session)
    {
        int z = session.Model.Architecture.LatentSize;
        PixelImage[] images = members.Where(m => m.Image != null).Select(m => m.Image!).ToArray();
        int[]? labelOf = LabelOf?.Where((_, i) => members[i].Image != null).ToArray();
        float[] encoded = images.Length > 0 ? session.Encode(images, labelOf) : [];
        var latents = new float[Count * z];
        int next = 0;
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<float> mean = members[i].Mean is { } known ? known : encoded.AsSpan(next++ * z, z);
            mean.CopyTo(latents.AsSpan(i * z, z));
        }

        return latents;
    }

    /// <summary>Each member to look at: images themselves, and assets decoded, as a model holds no images.</summary>
    /// <param name="latents">What <see cref="Encode"/> gave.</param>
    public IReadOnlyList<PixelImage> Pictures(ModelSession session, float[] latents)
    {
        IReadOnlyList<PixelImage> decoded = session.Decode(latents, LabelOf);
        return members.Select((m, i) => m.Image ?? decoded[i]).ToArray();
    }

    private static IEnumerable<Member> Find(VaeModel model, string word, ImportOptions import)
    {
        if (word.StartsWith(LabelPrefix, StringComparison.Ordinal))
            return OfLabel(model, word[LabelPrefix.Length..]);
        if (File.Exists(word))
        {
            PixelImage image = ArtSource.LoadImage(word, ModelSession.SideOf(model), import.Fit);
            return [new Member(Path.GetFullPath(word), word, "", image, null)];
        }

        bool isProcedural = word.StartsWith(ProceduralPrefix, StringComparison.Ordinal);
        if (!isProcedural && !Directory.Exists(word))
        {
            AssetLatent asset = LatentSource.FindAsset(model, word);
            return [OfAsset(asset)];
        }

        ArtSet set = ArtSource.Load(word, import with { Size = ModelSession.SideOf(model), MinimumImages = 1 }, out _);
        string folder = isProcedural && !Directory.Exists(word) ? ProceduralPrefix : Path.GetFullPath(word);
        return set.Images.Select((image, i) => new Member(Path.Combine(folder, image.Name), image.Name, image.Label, set.Image(i), null));
    }

    private static IEnumerable<Member> OfLabel(VaeModel model, string label)
    {
        Member[] found = model.Assets.Where(a => a.Label == label).Select(OfAsset).ToArray();
        if (found.Length > 0)
            return found;
        string[] labels = model.Assets.Select(a => a.Label).Where(l => l != "").Distinct().Order(StringComparer.Ordinal).ToArray();
        throw new ArgumentException(
            $"The model has no assets with the label '{label}'; it has {(labels.Length > 0 ? string.Join(", ", labels) : "no labels")}.");
    }

    private static Member OfAsset(AssetLatent asset) => new("asset " + asset.Name, asset.Name, asset.Label, null, asset.Mean);

    /// <param name="Key">Equal for the same thing.</param>
    private sealed record Member(string Key, string Name, string Label, PixelImage? Image, float[]? Mean);
}

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Groups images by their latents.</summary>
internal sealed class ClusterCommand : ModelCommand
{
    private readonly Argument<string?> folder = new("DIR")
    {
        Description = ArtOptions.FolderHelp + "; without it, the model's training assets, decoded", Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int?> count = OptionOf.Value<int?>(
        "--count", "K", "How many clusters; with mixture it may be left out, and what explains held-out images best is taken",
        text => (int)OptionOf.Whole(2, 1024)(text));

    private readonly Option<ClusterMethod> method = OptionOf.Value(
        "--method", "METHOD", "kmeans (round clusters) or mixture (a Gaussian mixture with full covariances)",
        OptionOf.OneOf(("kmeans", ClusterMethod.KMeans), ("mixture", ClusterMethod.Mixture)), ClusterMethod.KMeans);

    private readonly Option<int> restarts = OptionOf.Integer(
        "--restarts", "N", "Random starts, of which the best is kept", 1, 1000, 10);

    private readonly Option<int> most = OptionOf.Integer(
        "--most", "N", "Images on the sheet of a cluster, nearest to its centre first", 1, 4096, 64);

    private readonly Option<ulong> seed = SeedOption.Create();

    private readonly Option<string> target = OptionOf.Text(
        "--out", "FOLDER", "Where the sheets go: cluster-1.png and so on, and clusters.png with the decoded centres", "clusters");

    private readonly Option<string?> label = LabelOption.Create();
    private readonly Option<bool> json = new("--json") { Description = "Print one JSON object and nothing else" };
    private readonly ArtOptions art;

    public ClusterCommand()
        : base("cluster", "Group images by their latents: a sheet of each cluster, and of the decoded centres")
    {
        Add(folder);
        art = new ArtOptions(this, withSize: false);
        AddOptions(count, method, restarts, most, seed, label, target, json);
        Validators.Add(result =>
        {
            // A mistake in the method has its own message.
            bool isMixture = result.GetResult(method) is { Implicit: false, Tokens: [var word, ..] }
                && !word.Value.Equals("kmeans", StringComparison.OrdinalIgnoreCase);
            if (!isMixture && result.GetResult(count) == null)
                result.AddError("--count is needed for k-means; --method mixture can do without.");
        });
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        string? unlabelled = parsed.Label(label, loaded);
        ArtSet? set = parsed.GetValue(folder) is { } named
            ? LabelOption.Labelled(ArtSource.Load(named, art.Import(parsed, ModelSession.SideOf(loaded), minimum: 1), out _), unlabelled)
            : null;
        int[]? labelOf = set == null ? ModelLabels.Of(loaded.Architecture, loaded.Assets) : ModelLabels.Of(loaded.Architecture, set);
        int images = set?.Images.Count ?? loaded.Assets.Count;
        if (images == 0)
            throw new ArgumentException("The model holds no assets to group. Name a folder of images.");
        Clustering.Require(parsed.GetValue(count) ?? 1, images);
        return session => Group(parsed, session, set, labelOf, output);
    }

    private void Group(ParseResult parsed, ModelSession session, ArtSet? set, int[]? labelOf, TextWriter output)
    {
        string[] names = set?.Images.Select(i => i.Name).ToArray() ?? session.Model.Assets.Select(a => a.Name).ToArray();
        string[] labels = set?.Images.Select(i => i.Label).ToArray() ?? session.Model.Assets.Select(a => a.Label).ToArray();
        float[] latents = set == null
            ? session.Model.Assets.SelectMany(a => a.Mean).ToArray()
            : new ModelInputs(session.Model.Architecture, set).Encode(session.Runner).Mean;
        ClusterMethod how = parsed.GetValue(method);
        ulong random = parsed.GetValue(seed);
        int z = session.Model.Architecture.LatentSize;
        Clustering clustering = how == ClusterMethod.KMeans
            ? KMeans.Fit(latents, z, parsed.GetValue(count)!.Value, random, parsed.GetValue(restarts))
            : MixtureClusters.Fit(latents, z, parsed.GetValue(count), random, parsed.GetValue(restarts));
        ClusterReport report = ClusterReport.Of(session.Model.Hash, how, random, clustering, names, labels, latents);
        string into = parsed.GetRequiredValue(target);
        for (int k = 0; k < clustering.Centres.Count; k++)
        {
            int[] members = clustering.Members(k).Take(parsed.GetValue(most)).ToArray();
            IReadOnlyList<PixelImage> pictures = Pictures(session, set, latents, members, labelOf);
            SheetFile.Write(Path.Combine(into, $"cluster-{k + 1}.png"), ContactSheet.Grid(pictures));
        }

        // A centre has no label of its own: it is shown with that of the image nearest to it.
        int[]? labelOfCentre = ModelLabels.At(labelOf, Enumerable.Range(0, clustering.Centres.Count).Select(k => clustering.Members(k)[0]));
        SheetFile.Write(Path.Combine(into, "clusters.png"), ContactSheet.Grid(session.Decode(clustering.CentreLatents, labelOfCentre)));
        output.WriteLine(parsed.GetValue(json) ? report.ToJson() : report.ToString());
        if (parsed.GetValue(json))
            return;
        int missing = (parsed.GetValue(count) ?? 0) - clustering.Centres.Count;
        if (missing > 0)
            output.WriteLine($"  {missing} components are left out, as no image belongs to them most");
        output.WriteLine($"Sheets: {into}");
    }

    private static IReadOnlyList<PixelImage> Pictures(ModelSession session, ArtSet? set, float[] latents, int[] members, int[]? labelOf)
    {
        int z = session.Model.Architecture.LatentSize;
        return set != null
            ? members.Select(set.Image).ToArray()
            : session.Decode(members.SelectMany(i => latents.AsSpan(i * z, z).ToArray()).ToArray(), ModelLabels.At(labelOf, members));
    }
}

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Editor.Making;
using VaeProcgen.Editor.Report;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Shows the training assets nearest to images.</summary>
internal sealed class NeighboursCommand : ModelCommand
{
    private readonly Argument<string[]> images = new("IMAGES")
    {
        Description = "Folders, PNG files, names of training assets, or label:NAME", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> count = OptionOf.Integer("--count", "N", "Neighbours of each image", 1, 64, 8);
    private readonly Option<string?> label = LabelOption.Create(LabelOption.OfImages + ", PNG files included");
    private readonly Option<string> sheet = OutOption("neighbours.png");
    private readonly ArtOptions art;

    public NeighboursCommand()
        : base("neighbours", "Show the training assets nearest to images in the latent space")
    {
        Add(images);
        art = new ArtOptions(this, withSize: false);
        AddOptions(count, label, sheet);
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        LatentNeighbours.Require(loaded);
        LatentGroup asked = LatentGroup.Gather(loaded, parsed.GetRequiredValue(images), art.Import(parsed), parsed.Label(label, loaded));
        return session => Show(parsed, session, asked, output);
    }

    private void Show(ParseResult parsed, ModelSession session, LatentGroup asked, TextWriter output)
    {
        int z = session.Model.Architecture.LatentSize;
        float[] latents = asked.Encode(session);
        var near = new LatentNeighbours(session.Model);
        IReadOnlyList<PixelImage> pictures = asked.Pictures(session, latents);
        var shown = new List<PixelImage>();
        for (int i = 0; i < asked.Count; i++)
        {
            int index = i;
            IReadOnlyList<LatentNeighbour> found = near.Find(
                latents.AsSpan(i * z, z), parsed.GetValue(count), asset => asked.IsAsset(index, asset.Name));
            output.WriteLine($"{asked.Names[i]}: {string.Join(", ", found.Select(n => $"{n.Asset.Name} ({n.Distance:F2})"))}");
            shown.Add(pictures[i]);
            int[]? labelOf = ModelLabels.Of(session.Model.Architecture, found.Select(n => n.Asset));
            shown.AddRange(session.Decode(found.SelectMany(n => n.Asset.Mean).ToArray(), labelOf));
            // A row is as long as the others, also where there are fewer neighbours.
            shown.AddRange(Enumerable.Repeat(
                new PixelImage(pictures[i].Width, pictures[i].Height), Columns(parsed, session.Model) - 1 - found.Count));
        }

        SheetFile.Write(
            parsed.GetRequiredValue(sheet), ContactSheet.Grid(shown, new SheetOptions { Columns = Columns(parsed, session.Model) }));
        output.WriteLine($"Each image, then its neighbours, decoded: {parsed.GetRequiredValue(sheet)}");
    }

    private int Columns(ParseResult parsed, VaeModel model) => 1 + Math.Min(parsed.GetValue(count), model.Assets.Count);
}

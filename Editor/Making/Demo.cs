using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Report;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Editor.Making;

/// <summary>Art in, a folder to look at out: a model, sheets of what it makes, and a page that shows them.</summary>
public sealed class Demo
{
    public const string ModelName = "model.safetensors";
    public const string OriginalsName = "originals-and-reconstructions.png";
    public const string SamplesName = "samples.png";
    public const string BlendsName = "blends.png";
    public const string PageName = "index.html";
    public const string RunName = "run";

    private const int PairCount = 40, SampleCount = 64, BlendCount = 8, BlendSteps = 10;

    private readonly string folder;
    private readonly DemoArt art;
    private readonly ulong seed;

    /// <param name="folder">Where everything goes.</param>
    /// <param name="art">What to learn from.</param>
    /// <param name="seed">Of the training and of everything shown.</param>
    public Demo(string folder, DemoArt art, ulong seed) => (this.folder, this.art, this.seed) = (folder, art, seed);

    public string RunFolder => PathOf(RunName);

    /// <summary>Trains anew; what an earlier, unfinished demonstration left is dropped.</summary>
    /// <inheritdoc cref="VaeTraining.Run"/>
    public VaeModel Train(GpuDevice device, TrainingOptions options, Action<TrainingProgress> progress, CancellationToken token)
    {
        if (Directory.Exists(RunFolder) && Directory.EnumerateFiles(RunFolder, "vae.checkpoint.safetensors").Any())
        {
            using RunFolder unfinished = Training.RunFolder.Open(RunFolder, resume: true);
            unfinished.Finish();
        }

        options = options with { Seed = seed };
        return VaeTraining.Run(device, art.Images, options, PathOf(ModelName), RunFolder, resume: false, progress, token);
    }

    /// <summary>Writes the sheets, and the page with them.</summary>
    /// <param name="session">The trained model.</param>
    /// <param name="heldOutFraction">As it was in training.</param>
    /// <param name="figures">Stand at the top of the page after those of the art and the held-out images.</param>
    /// <returns>The files, the page last.</returns>
    /// <exception cref="IOException">A file can't be written.</exception>
    public IReadOnlyList<string> Show(ModelSession session, double heldOutFraction, params IReadOnlyList<HtmlFigure> figures)
    {
        ArtSplit split = art.Images.Split(heldOutFraction, seed);
        TrainingStats stats = TrainingStats.Read(Path.Combine(RunFolder, "stats.jsonl"));
        PixelImage seen = Pairs(session, split.Train), unseen = Pairs(session, split.HeldOut);
        PixelImage samples = ContactSheet.Grid(session.Sample(session.Model.Prior(), seed, SampleCount));
        PixelImage blends = Blends(session);
        string size = $"{art.Images.Width}×{art.Images.Height}";
        var page = new HtmlPage(
            "VaeProcgen demo",
            $"A variational autoencoder learned {split.Train.Images.Count} images of {size} pixels and makes more. The art: {art.Name}.",
            [.. Figures(stats), .. figures],
            [
                new("New samples", "Decoded from latents that the learned prior drew: no person drew any of these.", samples),
                new("Blends", "Each row goes from one image of the art to another, straight through the latent space.", blends),
                new("Originals and reconstructions", "Images it learned from, each above what the model makes of it.", seen),
                new("Images it never saw", "The same for images that were held out of training.", unseen),
                new("Training", "Solid: training images. Dashed: held-out images. Nats are for one image; fewer are better.",
                    Svg: string.Concat(stats.Charts())),
            ]);
        (string Name, PixelImage Sheet)[] sheets = [(OriginalsName, seen), (SamplesName, samples), (BlendsName, blends)];
        foreach ((string name, PixelImage sheet) in sheets)
            SheetFile.Write(PathOf(name), sheet);
        page.Save(PathOf(PageName));
        return [PathOf(ModelName), .. sheets.Select(s => PathOf(s.Name)), PathOf(PageName)];
    }

    private static PixelImage Pairs(ModelSession session, ArtSet set)
    {
        IReadOnlyList<PixelImage> originals = ArtSource.ImagesOf(set, PairCount);
        return ContactSheet.Pairs(originals, session.Reconstruct(originals));
    }

    private PixelImage Blends(ModelSession session)
    {
        float[] latents = Blending.PickPairs(session.Model.Assets, BlendCount, seed)
            .SelectMany(pair => Blending.Strip(pair.From.Mean, pair.To.Mean, BlendSteps, BlendMode.Lerp)).ToArray();
        return ContactSheet.Grid(session.Decode(latents), new SheetOptions { Columns = BlendSteps });
    }

    private IEnumerable<HtmlFigure> Figures(TrainingStats stats)
    {
        yield return new HtmlFigure("Images", $"{art.Images.Images.Count}");
        if (stats.HeldOut is { } heldOut)
        {
            yield return new HtmlFigure("Held-out PSNR", $"{heldOut.Psnr:F1} dB");
            yield return new HtmlFigure("Held-out ELBO", $"{-(heldOut.Reconstruction + heldOut.Kl):F0} nats");
        }

        if (stats.Training is { } last)
        {
            yield return new HtmlFigure("Steps", $"{last.Step}");
            yield return new HtmlFigure("Speed", $"{stats.Speed:F0} images/s");
        }
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}

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

/// <summary>Shows the images between two or four.</summary>
internal sealed class BlendCommand : ModelCommand
{
    private readonly Argument<string[]> images = new("IMAGES")
    {
        Description = "Two images for a strip, or four for a square: PNG files, or names of training assets",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> steps = OptionOf.Integer(
        "--steps", "N", "Images from one end to the other, both included", 2, 256, 8);

    private readonly Option<BlendMode> mode = OptionOf.Value(
        "--mode", "MODE", "The way between: lerp (straight) or slerp (along the great circle)",
        OptionOf.OneOf(("lerp", BlendMode.Lerp), ("slerp", BlendMode.Slerp)), BlendMode.Lerp);

    private readonly Option<DirectionMove[]> directions = DirectionOption.Create();
    private readonly Option<string?> label = LabelOption.Create(
        "Of a conditional model: the label of PNG files, and of all that lies between [default: that of the assets]");

    private readonly Option<string> sheet = OutOption("blend.png");
    private readonly ArtOptions art;

    public BlendCommand()
        : base("blend", "Blend two images into a strip, or four into a square")
    {
        Add(images);
        art = new ArtOptions(this, withSize: false, takesSets: false);
        AddOptions(steps, mode, directions, label, sheet);
        Validators.Add(result =>
        {
            if (result.GetResult(images) is { Tokens: { Count: not (2 or 4) } given })
                result.AddError($"Expected two images for a strip or four for a square; found {given.Count}.");
        });
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        DirectionMove.Require(loaded, parsed.Moves(directions));
        string common = LatentSource.CommonLabel(loaded, parsed.GetRequiredValue(images), parsed.Label(label, loaded));
        return session => Blend(parsed, session, common, output);
    }

    private void Blend(ParseResult parsed, ModelSession session, string common, TextWriter output)
    {
        int count = parsed.GetValue(steps);
        BlendMode way = parsed.GetValue(mode);
        float[][] ends = parsed.GetRequiredValue(images)
            .Select(text => LatentSource.Resolve(session, text, art.Fit(parsed), common)).ToArray();
        float[] latents = ends.Length == 2
            ? Blending.Strip(ends[0], ends[1], count, way)
            : Blending.Square(ends[0], ends[1], ends[2], ends[3], count, way);
        DirectionMove.Apply(session.Model, parsed.Moves(directions), latents);
        int made = latents.Length / session.Model.Architecture.LatentSize;
        IReadOnlyList<PixelImage> blends = session.Decode(latents, ModelLabels.All(session.Model.Architecture, common, made));
        SheetFile.Write(parsed.GetRequiredValue(sheet), ContactSheet.Grid(blends, new SheetOptions { Columns = count }));
        output.WriteLine($"{blends.Count} images: {parsed.GetRequiredValue(sheet)}");
    }
}

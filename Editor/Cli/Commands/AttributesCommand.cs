using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Cli.Commands;

/// <summary>Computes, lists and removes the directions that a model file holds.</summary>
internal sealed class AttributesCommand : ModelCommand
{
    private const string GroupHelp = ": folders, PNG files, names of training assets, or label:NAME";
    private const int MostPrincipal = 64;

    private readonly Option<string?> name = OptionOf.Text(
        "--name", "NAME", "Compute the direction of an attribute and store it under this name");

    private readonly Option<string[]> with = OptionOf.Words("--with", "IMAGES", "Images that have the attribute" + GroupHelp);
    private readonly Option<string[]> without = OptionOf.Words("--without", "IMAGES", "Images that lack it" + GroupHelp);

    private readonly Option<int?> principal = OptionOf.Value<int?>(
        "--principal", "COUNT",
        "Compute so many directions in which the training assets vary most, and store them in place of earlier ones",
        text => (int)OptionOf.Whole(1, MostPrincipal)(text));

    private readonly Option<bool> list = new("--list") { Description = "List the directions (no GPU needed)" };
    private readonly Option<string?> remove = OptionOf.Text("--remove", "NAME", "Remove a direction (no GPU needed)");
    private readonly Option<int> rows = OptionOf.Integer("--rows", "N", "Images on the sheet of an attribute", 1, 64, 8);

    private readonly Option<string> sheet = OptionOf.Text(
        "--sheet", "FILE", "Where the picture goes: rows decoded at mu + amount * direction, amounts from -2 to 2", "attributes.png");

    private readonly Option<string?> label = LabelOption.Create(
        LabelOption.OfImages + ", and of the sheet of --principal [there: the first]");

    private readonly Option<string?> target = OptionOf.Text("--out", "FILE", "Write the model to this file, and leave MODEL as it is");
    private readonly ArtOptions art;

    public AttributesCommand()
        : base("attributes", "Find directions of the latent space: of an attribute, or those in which the art varies most")
    {
        foreach (Option option in (Option[])[name, with, without, principal, list, remove])
            Add(option);
        art = new ArtOptions(this, withSize: false);
        AddOptions(label, rows, sheet, target);
        Validators.Add(RequireOneTask);
    }

    protected override Action<ModelSession>? Plan(ParseResult parsed, VaeModel loaded, TextWriter output)
    {
        string? named = parsed.Label(label, loaded);
        if (parsed.GetValue(list))
        {
            List(loaded, output);
            return null;
        }

        if (parsed.GetValue(remove) is { } unwanted)
        {
            loaded.Direction(unwanted);
            Save(parsed, loaded, loaded.Directions.Where(d => d.Key != unwanted), output);
            output.WriteLine($"Removed: {unwanted}");
            return null;
        }

        if (parsed.GetValue(principal) is { } count)
        {
            PrincipalDirections.Require(count, loaded.Assets.Count, loaded.Architecture.LatentSize);
            int[]? labelOf = ModelLabels.All(loaded.Architecture, named ?? loaded.Architecture.Labels.FirstOrDefault(""), count);
            return session => MakePrincipal(parsed, session, count, labelOf, output);
        }

        string attribute = LatentDirections.RequireName(parsed.GetValue(name)!);
        if (PrincipalDirections.IsName(attribute))
            throw new ArgumentException($"'{attribute}' is a name that --principal gives. Choose another --name.");
        (LatentGroup having, LatentGroup lacking) = Groups(parsed, loaded);
        return session => MakeAttribute(parsed, session, attribute, having, lacking, output);
    }

    private void RequireOneTask(CommandResult result)
    {
        bool Given(Option option) => result.GetResult(option) is { Implicit: false };
        Option[] tasks = [name, principal, list, remove];
        Option[] given = tasks.Where(Given).ToArray();
        if (given.Length != 1)
        {
            result.AddError($"Expected one of {string.Join(", ", tasks.Select(t => t.Name))}; "
                + $"found {(given.Length == 0 ? "none" : string.Join(" and ", given.Select(t => t.Name)))}.");
        }
        else if (given[0] == name && !(Given(with) && Given(without)))
        {
            result.AddError("--name needs images --with the attribute and images --without it.");
        }
        else if (given[0] != name && (Given(with) || Given(without)))
        {
            result.AddError($"--with and --without go with --name; found {given[0].Name}.");
        }
    }

    private (LatentGroup With, LatentGroup Without) Groups(ParseResult parsed, VaeModel model)
    {
        var import = art.Import(parsed);
        LatentGroup having = LatentGroup.Gather(model, parsed.GetValue(with)!, import, parsed.GetValue(label));
        LatentGroup lacking = LatentGroup.Gather(model, parsed.GetValue(without)!, import, parsed.GetValue(label));
        IReadOnlyList<string> shared = having.SharedWith(lacking);
        return shared.Count == 0 ? (having, lacking) : throw new ArgumentException(
            $"{shared.Count} images are in both groups, such as {shared[0]}. Images either have an attribute or lack it: list each once.");
    }

    private void MakeAttribute(
        ParseResult parsed, ModelSession session, string attribute, LatentGroup having, LatentGroup lacking, TextWriter output)
    {
        int z = session.Model.Architecture.LatentSize;
        float[] present = having.Encode(session), absent = lacking.Encode(session);
        float[] direction = AttributeDirection.Compute(present, absent, z);
        // The upper rows have the attribute, the lower ones lack it.
        IReadOnlyList<(float[] Latent, int Label)> from = ArtSource.Evenly(Rows(having, present), (parsed.GetValue(rows) + 1) / 2);
        IReadOnlyList<(float[] Latent, int Label)> others = ArtSource.Evenly(Rows(lacking, absent), Math.Max(parsed.GetValue(rows) / 2, 1));
        (float[] Latent, int Label)[] shown = from.Concat(others).Take(parsed.GetValue(rows)).ToArray();
        SheetFile.Write(parsed.GetRequiredValue(sheet), DirectionSheet.Draw(
            session, shown.Select(row => (row.Latent, direction)).ToArray(),
            having.LabelOf == null ? null : shown.Select(row => row.Label).ToArray()));
        bool isNew = !session.Model.Directions.ContainsKey(attribute);
        IEnumerable<KeyValuePair<string, float[]>> kept = session.Model.Directions.Where(d => d.Key != attribute);
        Save(parsed, session.Model, kept.Append(new(attribute, direction)), output);
        output.WriteLine($"{(isNew ? "Stored" : "Replaced")}: {attribute}, of length {Length(direction):F3}, "
            + $"from {lacking.Count} images without it to {having.Count} with it");
        output.WriteLine($"Sheet, amounts from -2 to 2: {parsed.GetRequiredValue(sheet)}");

        (float[] Latent, int Label)[] Rows(LatentGroup group, float[] latents) =>
            latents.Chunk(z).Select((latent, i) => (latent, group.LabelOf?[i] ?? 0)).ToArray();
    }

    private void MakePrincipal(ParseResult parsed, ModelSession session, int count, int[]? labelOf, TextWriter output)
    {
        VaeModel model = session.Model;
        PrincipalDirections found = PrincipalDirections.Compute(
            model.Assets.SelectMany(a => a.Mean).ToArray(), model.Architecture.LatentSize, count);
        (float[], float[])[] shown = Enumerable.Range(0, count).Select(k => (found.Mean, found.Scaled(k))).ToArray();
        SheetFile.Write(parsed.GetRequiredValue(sheet), DirectionSheet.Draw(session, shown, labelOf));
        IEnumerable<KeyValuePair<string, float[]>> kept = model.Directions.Where(d => !PrincipalDirections.IsName(d.Key));
        Save(
            parsed, model, kept.Concat(shown.Select((row, k) => KeyValuePair.Create(PrincipalDirections.NameOf(k), row.Item2))), output);
        for (int k = 0; k < count; k++)
        {
            output.WriteLine($"Stored: {PrincipalDirections.NameOf(k)}, standard deviation {found.Deviations[k]:F3}, "
                + $"{found.Explained[k]:P1} of the variance");
        }

        output.WriteLine($"Sheet, amounts from -2 to 2: {parsed.GetRequiredValue(sheet)}");
    }

    private void Save(ParseResult parsed, VaeModel model, IEnumerable<KeyValuePair<string, float[]>> directions, TextWriter output)
    {
        string file = parsed.GetValue(target) ?? ModelFile(parsed);
        model.WithDirections(new Dictionary<string, float[]>(directions, StringComparer.Ordinal)).Save(file);
        output.WriteLine($"Model: {file}");
    }

    private static void List(VaeModel model, TextWriter output)
    {
        if (model.Directions.Count == 0)
            output.WriteLine("The model has no directions; --name or --principal makes some.");
        foreach ((string known, float[] direction) in model.Directions.OrderBy(d => d.Key, StringComparer.Ordinal))
            output.WriteLine($"{known}, {(PrincipalDirections.IsName(known) ? "standard deviation" : "length")} {Length(direction):F3}");
    }

    private static double Length(float[] direction) => Math.Sqrt(direction.Sum(x => (double)x * x));
}

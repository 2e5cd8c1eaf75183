using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using VaeProcgen.Editor.Report;

namespace VaeProcgen.Editor.Making;

/// <summary>One line of stats.jsonl; figures that its phase does not have are null. Nats are for one image.</summary>
public sealed record TrainingStat(
    string Phase, long Step, double? Reconstruction, double? Kl, double? Psnr, double? Loss, double? ImagesPerSecond,
    int? ActiveUnits = null, int? Units = null);

/// <summary>The figures that a training wrote into its run folder.</summary>
public sealed class TrainingStats
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public TrainingStats(IReadOnlyList<TrainingStat> lines) => Lines = lines;

    public IReadOnlyList<TrainingStat> Lines { get; }

    /// <summary>The last measurement on held-out images; null when there is none.</summary>
    public TrainingStat? HeldOut => Lines.LastOrDefault(l => l.Phase == "heldout");

    /// <summary>The last line of the training itself; null when there is none.</summary>
    public TrainingStat? Training => Lines.LastOrDefault(l => l.Phase == "training");

    /// <summary>Images a second of the training, as the median over its lines; null when there are none.</summary>
    public double? Speed
    {
        get
        {
            double?[] speeds = Lines.Where(l => l.Phase == "training").Select(l => l.ImagesPerSecond).Order().ToArray();
            return speeds.Length == 0 ? null : speeds[speeds.Length / 2];
        }
    }

    /// <summary>Reads a file of one JSON object a line; a line that was cut short is passed over.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static TrainingStats Read(string path)
    {
        var lines = new List<TrainingStat>();
        foreach (string text in File.ReadLines(path))
        {
            if (TryParse(text) is { } line)
                lines.Add(line);
        }

        return new TrainingStats(lines);
    }

    /// <summary>Charts of reconstruction, KL and PSNR, training beside held-out, and of the prior's loss where there is one.</summary>
    public IReadOnlyList<string> Charts()
    {
        var charts = new List<string>
        {
            LossCurves.Svg("Reconstruction, −log p(x|z)", "nats", Both("reconstruction", l => l.Reconstruction)),
            LossCurves.Svg("KL(q(z|x) ‖ p(z))", "nats", Both("KL", l => l.Kl)),
            LossCurves.Svg("Reconstruction quality, PSNR", "dB", Both("PSNR", l => l.Psnr)),
        };
        Curve active = CurveOf("active units", "heldout", l => l.ActiveUnits, heldOut: true);
        if (active.Points.Count > 0)
            charts.Add(LossCurves.Svg("Latent units that are active", "", active));
        Curve prior = CurveOf("velocity loss", "prior", l => l.Loss, heldOut: false);
        if (prior.Points.Count > 0)
            charts.Add(LossCurves.Svg("Flow prior, velocity loss", "", prior));
        return charts;
    }

    private Curve[] Both(string name, Func<TrainingStat, double?> figure) =>
        [CurveOf(name, "training", figure, heldOut: false), CurveOf(name, "heldout", figure, heldOut: true)];

    private Curve CurveOf(string name, string phase, Func<TrainingStat, double?> figure, bool heldOut)
    {
        IEnumerable<TrainingStat> lines = Lines.Where(l => l.Phase == phase && figure(l) != null);
        return new Curve(name, lines.Select(l => ((double)l.Step, figure(l)!.Value)).ToArray(), heldOut);
    }

    private static TrainingStat? TryParse(string line)
    {
        try
        {
            TrainingStat? stat = JsonSerializer.Deserialize<TrainingStat>(line, Json);
            return stat?.Phase == null ? null : stat;
        }
        catch (JsonException)
        {
            return null; // Cut short when a training was killed.
        }
    }
}

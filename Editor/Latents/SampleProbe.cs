using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Editor.Making;
using VaeProcgen.Runtime.Images;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Editor.Latents;

/// <summary>One label of a <see cref="SampleProbe"/>.</summary>
/// <param name="TrainingImages">Images that the probe learned from.</param>
/// <param name="TestImages">Images that it was tested on.</param>
/// <param name="ImageAccuracy">The share of these that it told rightly; null where there are none.</param>
/// <param name="Samples">How many samples of the label were made.</param>
/// <param name="SampleAccuracy">The share of these that the probe took for what was asked for.</param>
public sealed record SampledClass(
    string Label, int TrainingImages, int TestImages, double? ImageAccuracy, int Samples, double SampleAccuracy);

/// <summary>
/// Whether a conditional model makes what it is asked for: a linear classifier (<see cref="LinearProbe"/>) learns the labels from the
/// pixels of the images that the model was trained on, is tested on those that were held out, and then judges samples of each label. It
/// has never seen the model.
/// </summary>
/// <param name="ImageAccuracy">The share of the held-out images that were told rightly: how good a judge the classifier is.</param>
/// <param name="SampleAccuracy">The share of the samples that it took for what was asked for.</param>
/// <param name="Prior">Where the samples' latents came from.</param>
/// <param name="Converged">Whether the classifier reached its optimum.</param>
/// <param name="Classes">In the order of the model's labels, as the confusion matrix.</param>
/// <param name="Confusion">Samples by what was asked for (rows) and by what the classifier said (columns).</param>
public sealed record SampleProbe(
    string ModelHash, double SampleAccuracy, double ImageAccuracy, int Samples, int TrainingImages, int TestImages, int Unlabelled,
    string Prior, float Temperature, ulong Seed, double Penalty, bool Converged, IReadOnlyList<SampledClass> Classes,
    IReadOnlyList<int[]> Confusion)
{
    /// <summary>Pixels are many: they take a stronger penalty than latents before the classifier learns images by heart.</summary>
    public const double UsualPenalty = 0.01;

    // Neighbouring pixels are alike: the last slopes fall slowly, and no longer change what is said.
    private static readonly LinearProbeOptions Options = new() { Tolerance = 1e-4, MostIterations = 500 };

    /// <param name="session">A conditional model.</param>
    /// <param name="train">Labelled images to learn from.</param>
    /// <param name="test">Labelled images to test on.</param>
    /// <param name="unlabelled">How many images were left out.</param>
    /// <param name="prior">Where to sample.</param>
    /// <param name="temperature">Of the samples.</param>
    /// <param name="seed">Of the samples.</param>
    /// <param name="perLabel">Samples of each label; they are those of <c>sample</c> with as many in all.</param>
    /// <param name="penalty">L2, of the classifier.</param>
    /// <exception cref="ArgumentException">See <see cref="Require"/>.</exception>
    public static SampleProbe Run(
        ModelSession session, ArtSet train, ArtSet test, int unlabelled, ILatentPrior prior, float temperature, ulong seed,
        int perLabel, double penalty)
    {
        VaeArchitecture a = session.Model.Architecture;
        Require(a, train, test);
        int[] ofTrain = ModelLabels.Of(a, train)!, ofTest = ModelLabels.Of(a, test)!;
        int labels = a.Labels.Count;
        LinearProbe probe = LinearProbe.Fit(new ModelInputs(a, train).All(), ofTrain, a.Values, labels, Options with { Penalty = penalty });
        int[] saidOfTest = probe.Predict(new ModelInputs(a, test).All());
        int[] asked = ModelLabels.InTurn(a, labels * perLabel)!;
        int[] said = probe.Predict(Inputs(a, session.Sample(prior, seed, asked.Length, temperature, asked)));
        int[][] confusion = Enumerable.Range(0, labels).Select(row => Enumerable.Range(0, labels)
            .Select(column => asked.Zip(said).Count(pair => pair == (row, column))).ToArray()).ToArray();
        SampledClass[] classes = a.Labels.Select((label, k) =>
        {
            int tested = ofTest.Count(l => l == k), right = ofTest.Zip(saidOfTest).Count(pair => pair == (k, k));
            return new SampledClass(
                label, ofTrain.Count(l => l == k), tested, tested == 0 ? null : (double)right / tested, perLabel,
                (double)confusion[k][k] / perLabel);
        }).ToArray();
        return new SampleProbe(
            session.Model.Hash, Share(asked, said), Share(ofTest, saidOfTest), asked.Length, ofTrain.Length, ofTest.Length, unlabelled,
            prior.Kind, temperature, seed, penalty, probe.Converged, classes, confusion);
    }

    /// <exception cref="ArgumentException">
    /// The model is not conditional; or it does not know the label of an image; or images of one of its labels are lacking to learn from.
    /// </exception>
    public static void Require(VaeArchitecture architecture, ArtSet train, ArtSet test)
    {
        if (!architecture.IsConditional)
        {
            throw new ArgumentException("Samples of a label need a conditional model; this one is not. Leave --of-samples away, or train "
                + "with --conditional.");
        }

        int[] ofTrain = ModelLabels.Of(architecture, train)!;
        ModelLabels.Of(architecture, test);
        string[] lacking = architecture.Labels.Where((_, k) => !ofTrain.Contains(k)).ToArray();
        if (lacking.Length > 0)
        {
            throw new ArgumentException($"The classifier needs images of each label of the model to learn from; found none of "
                + $"{string.Join(", ", lacking)}. Give the images that the model was trained on.");
        }
    }

    public string ToJson() => ReportJson.Of(this);

    /// <summary>A table for a person.</summary>
    public override string ToString()
    {
        int width = Math.Max("label".Length, Classes.Max(c => c.Label.Length));
        string omitted = Unlabelled > 0 ? $"; {Unlabelled} without label left out" : "";
        return string.Join(Environment.NewLine,
        [
            $"A linear classifier on pixels, learned from {TrainingImages} images{omitted}:",
            $"  {SampleAccuracy:P1} of {Samples} samples ({Prior}, temperature {Temperature}) are taken for the label that was asked for",
            $"  {ImageAccuracy:P1} of {TestImages} held-out images are told rightly",
            .. Converged ? Array.Empty<string>() : ["  The classifier did not reach its optimum; a larger --penalty may help."],
            $"  {"label".PadRight(width)}  samples  held-out images",
            .. Classes.Select(c => $"  {c.Label.PadRight(width)}  {c.SampleAccuracy,7:P1}  "
                + (c.ImageAccuracy is { } share ? $"{share,7:P1} of {c.TestImages}" : "   none")),
        ]);
    }

    private static float[] Inputs(VaeArchitecture a, IReadOnlyList<PixelImage> images)
    {
        var values = new float[images.Count * a.Values];
        for (int i = 0; i < images.Count; i++)
            ModelPixels.FromRgba8(a.Pixels, images[i].Rgba, values.AsSpan(i * a.Values, a.Values));
        return values;
    }

    private static double Share(IReadOnlyList<int> actual, IReadOnlyList<int> said) =>
        (double)actual.Zip(said).Count(pair => pair.First == pair.Second) / actual.Count;
}

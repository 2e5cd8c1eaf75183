using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Editor.Latents;

/// <summary>One class of a <see cref="ProbeReport"/>.</summary>
/// <param name="TrainingImages">Images that the probe learned from.</param>
/// <param name="TestImages">Images that it was scored on.</param>
/// <param name="Accuracy">The share of the test images that it told rightly; null where there are none.</param>
public sealed record ProbedClass(string Label, int TrainingImages, int TestImages, double? Accuracy);

/// <summary>How well a linear classifier reads labels off latents.</summary>
/// <param name="Accuracy">The share of test images that were told rightly.</param>
/// <param name="Baseline">The same share for who always says the most frequent label of the training images.</param>
/// <param name="TrainingAccuracy">Of the images learned from.</param>
/// <param name="Unlabelled">Images that lie in no sub-folder, and were left out.</param>
/// <param name="Classes">In the order of the confusion matrix.</param>
/// <param name="Confusion">Test images by label (rows) and by what the probe said (columns).</param>
/// <param name="Converged">Whether the probe reached its optimum.</param>
public sealed record ProbeReport(
    string ModelHash, double Accuracy, double Baseline, double TrainingAccuracy, int TrainingImages, int TestImages, int Unlabelled,
    double Penalty, bool Converged, IReadOnlyList<ProbedClass> Classes, IReadOnlyList<int[]> Confusion)
{
    /// <summary>Fits a probe and scores it. Labels without training images can't be told: their test images count as wrong.</summary>
    /// <param name="latents">Of the images to learn from and then of those to test on, [N, Z].</param>
    /// <param name="train">Labels of the former.</param>
    /// <param name="test">Labels of the latter.</param>
    /// <param name="unlabelled">How many images were left out.</param>
    /// <exception cref="ArgumentException">The images to learn from have fewer than two labels, or there are none to test on.</exception>
    public static ProbeReport Of(
        string modelHash, ReadOnlySpan<float> latents, IReadOnlyList<string> train, IReadOnlyList<string> test, int unlabelled,
        double penalty)
    {
        Require(train, test);
        int z = latents.Length / (train.Count + test.Count);
        string[] known = Ordered(train), labels = Ordered([.. train, .. test]);
        LinearProbe probe = LinearProbe.Fit(
            latents[..(train.Count * z)], train.Select(l => Array.IndexOf(known, l)).ToArray(), z, known.Length,
            new LinearProbeOptions { Penalty = penalty });
        string[] said = probe.Predict(latents).Select(k => known[k]).ToArray(), saidOfTest = said[train.Count..];
        int[][] confusion = labels.Select(actual => labels
            .Select(guess => test.Zip(saidOfTest).Count(pair => pair == (actual, guess))).ToArray()).ToArray();
        string majority = train.GroupBy(l => l).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;
        ProbedClass[] classes = labels.Select((label, i) =>
        {
            int tested = confusion[i].Sum();
            return new ProbedClass(label, train.Count(l => l == label), tested, tested == 0 ? null : (double)confusion[i][i] / tested);
        }).ToArray();
        return new ProbeReport(
            modelHash, Share(test, saidOfTest), (double)test.Count(l => l == majority) / test.Count, Share(train, said[..train.Count]),
            train.Count, test.Count, unlabelled, penalty, probe.Converged, classes, confusion);
    }

    /// <inheritdoc cref="Of"/>
    public static void Require(IReadOnlyList<string> train, IReadOnlyList<string> test)
    {
        string[] found = Ordered(train);
        if (found.Length < 2)
        {
            throw new ArgumentException(
                $"A probe needs images of at least two labels to learn from; found {(found.Length == 0 ? "none" : $"'{found[0]}' only")}. "
                + "The first sub-folders are the labels: put images into at least two.");
        }

        if (test.Count == 0)
        {
            throw new ArgumentException(
                "A probe needs labelled images to be tested on; found none. Give more images, or a larger --heldout.");
        }
    }

    public string ToJson() => ReportJson.Of(this);

    /// <summary>A few lines for a person.</summary>
    public override string ToString()
    {
        int width = Classes.Max(c => c.Label.Length);
        IEnumerable<string> classes = Classes.Select(c => $"  {c.Label.PadRight(width)}  "
            + (c.Accuracy is { } accuracy ? $"{accuracy,7:P1} of {c.TestImages} right" : "no test images")
            + (c.TrainingImages == 0 ? "; there was none to learn from" : $"; learned from {c.TrainingImages}"));
        string omitted = Unlabelled > 0 ? $"; {Unlabelled} without label left out" : "";
        return string.Join(Environment.NewLine,
        [
            $"{TestImages} test images, learned from {TrainingImages}{omitted}",
            $"  accuracy {Accuracy:P1}; always the most frequent label: {Baseline:P1}; on the images learned from: {TrainingAccuracy:P1}",
            .. Converged ? Array.Empty<string>() : ["  The probe did not reach its optimum; a larger --penalty may help."],
            .. classes,
        ]);
    }

    private static double Share(IReadOnlyList<string> actual, IReadOnlyList<string> said) =>
        (double)actual.Zip(said).Count(pair => pair.First == pair.Second) / actual.Count;

    private static string[] Ordered(IEnumerable<string> labels) => labels.Distinct().Order(StringComparer.Ordinal).ToArray();
}

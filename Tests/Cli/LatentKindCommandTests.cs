using System;
using System.IO;
using System.Text.Json;
using NUnit.Framework;
using VaeProcgen.Editor.Cli;
using VaeProcgen.Tests.Dataset;

namespace VaeProcgen.Tests.Cli;

/// <summary>Models with other latents than one layer of Gaussians: every command works, or says why it can't.</summary>
public class LatentKindCommandTests
{
    private const string Art = "procedural:12";

    private ArtFolder folder = null!;

    private string this[string name] => Path.Combine(folder.Path, name);

    [OneTimeSetUp]
    public void TrainAModelOfEachKind()
    {
        folder = new ArtFolder();
        Train("point", "--latents", "point", "--latent", "4");
        Train("categorical", "--latents", "categorical", "--latent", "12", "--classes", "3");
        Train("two-layer", "--latent", "4", "--top-latent", "4", "--objective", "sampled-elbo");
    }

    [OneTimeTearDown]
    public void DeleteFolder() => folder.Dispose();

    [TestCase("point", "Latent size: 4 (points)", "Priors:      flow")]
    [TestCase("categorical", "Latent size: 12 (4 variables of 3 classes)", "Priors:      categorical")]
    [TestCase("two-layer", "Latent size: 4 (under a second layer of 4)", "Priors:      two-layer (4 above 4); flow")]
    public void EveryCommandWorks(string kind, string described, string priors)
    {
        string model = this[kind + ".safetensors"], sheet = this["sheet.png"];
        string name = Editor.Making.LatentSource.FindAsset(Runtime.Models.VaeModel.Load(model), FirstAsset(model)).Name;
        AssertRuns(Tool.Run("info", model), described, priors);
        AssertRuns(Tool.Run("sample", model, "--count", "2", "--out", sheet), "2 samples");
        AssertRuns(Tool.Run("reconstruct", model, Art, "--count", "2", "--out", sheet), "2 of 12 images");
        AssertRuns(Tool.Run("blend", model, name, name, "--steps", "3", "--out", sheet), "3 images");
        AssertRuns(
            Tool.Run("traverse", model, "--dimensions", "2", "--out", sheet),
            kind == "categorical" ? "2 of 4 variables" : "2 of 4 dimensions");
        AssertRuns(Tool.Run("outliers", model, Art, "--count", "2", "--out", sheet), kind == "point" ? "there is no ELBO" : "median ELBO");
        AssertRuns(Tool.Run("neighbours", model, name, "--count", "2", "--out", sheet));
        AssertRuns(Tool.Run("cluster", model, "--count", "2", "--out", this["clusters"]));
        AssertRuns(
            Tool.Run("attributes", model, "--principal", "1", "--out", this["moved.safetensors"], "--sheet", sheet), "Stored: principal-1");
        ToolResult report = Tool.Run("evaluate", model, Art, "--samples", "2", "--json");
        JsonElement elbo = JsonDocument.Parse(report.Output).RootElement.GetProperty("elbo");
        Assert.That(elbo.GetProperty("kl").ValueKind, Is.EqualTo(kind == "point" ? JsonValueKind.Null : JsonValueKind.Number));
    }

    [Test]
    public void WhatHasNoMeaningIsRefused()
    {
        string points = this["point.safetensors"], classes = this["categorical.safetensors"];
        AssertRefused(
            Tool.Run("evaluate", points, Art, "--iwae", "3", "--kl-chart", this["kl.svg"]), "no density", "--iwae and --kl-chart");
        AssertRefused(Tool.Run("sample", points, "--prior", "normal", "--out", this["x.png"]), "no prior 'normal'", "flow, mixture");
        AssertRefused(Tool.Run("sample", classes, "--prior", "flow", "--out", this["x.png"]), "no prior 'flow'", "categorical");
        AssertRefused(Tool.Run("traverse", classes, "--range", "2", "--out", this["x.png"]), "--range", "classes");
        AssertRefused(
            Tool.Run("train", Art, "--size", "12", "--out", this["x.safetensors"], "--steps", "1", "--top-latent", "4"), "no closed form",
            "sampled-elbo");
        AssertRefused(
            Tool.Run(
                "train", Art, "--size", "12", "--out", this["x.safetensors"], "--steps", "1", "--top-latent", "4", "--objective", "iwae",
                "--scale", "0.5", "--estimator", "doubly-reparameterized"),
            "one layer of latents only");
    }

    private static string FirstAsset(string model) => Runtime.Models.VaeModel.Load(model).Assets[0].Name;

    private void Train(string kind, params string[] options)
    {
        ToolResult result = Tool.Run(
        [
            "train", Art, "--size", "12", "--preset", "mlp", "--batch", "4", "--steps", "3", "--prior-steps", "2",
            "--out", this[kind + ".safetensors"], .. options,
        ]);
        AssertRuns(result, kind == "point" ? "Held-out images: reconstruction" : "latent units active");
        Assert.That(result.Output.Contains("KL", StringComparison.Ordinal), Is.EqualTo(kind != "point"));
    }

    private static void AssertRuns(ToolResult result, params string[] said)
    {
        Assert.That(result.Code, Is.Zero, result.Error);
        foreach (string part in said)
            Assert.That(result.Output, Does.Contain(part));
    }

    private static void AssertRefused(ToolResult result, params string[] said)
    {
        Assert.That(result.Code, Is.Not.Zero, result.Output);
        foreach (string part in said)
            Assert.That(result.Error, Does.Contain(part));
    }
}

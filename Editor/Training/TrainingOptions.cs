using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>How the gradient of the expectation over q(z|x) reaches the encoder.</summary>
public enum GradientEstimator
{
    /// <summary>Through z = μ + σ ε (Kingma &amp; Welling 2013, arXiv:1312.6114).</summary>
    Pathwise,

    /// <summary>By (−log p(x|z) − baseline) ∇ log q(z|x) (Williams 1992); the baseline is the mean of the others.</summary>
    ScoreFunction,

    /// <summary>Of the importance-weighted bound, without the score term (Tucker et al. 2018, arXiv:1810.04152).</summary>
    DoublyReparameterized,
}

/// <summary>What a person may choose about a training; the defaults suit 500 to 6000 sprites of 16 to 64 pixels with alpha.</summary>
public sealed record TrainingOptions
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>A name of <see cref="VaePreset"/>.</summary>
    public string Preset { get; init; } = VaePreset.Default;

    /// <summary>Channels of each level, or widths of each layer, in place of the preset's, from the image inwards; none: the preset's.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [];

    /// <summary>Z, a multiple of 4.</summary>
    public int LatentSize { get; init; } = 64;

    /// <summary>What stands between encoder and decoder.</summary>
    public LatentKind Latent { get; init; }

    /// <summary>Side of the grid on which the latent lies; 0: one flat vector.</summary>
    public int LatentSide { get; init; }

    /// <summary>Of categorical latents: classes of each variable.</summary>
    public int Classes { get; init; } = 8;

    /// <summary>Of categorical latents: the decoder reads one-hot vectors, and gradients pass as if it had not.</summary>
    public bool StraightThrough { get; init; }

    /// <summary>Of categorical latents: how the temperature falls.</summary>
    public TemperatureSchedule Temperature { get; init; } = new();

    /// <summary>Of quantized latents: vectors in the codebook.</summary>
    public int Codes { get; init; } = 256;

    /// <summary>Encoder, decoder and prior are told the label of each image.</summary>
    public bool Conditional { get; init; }

    /// <summary>Size of a second layer of latents above the first, whose prior it forms; 0: none.</summary>
    public int TopLatentSize { get; init; }

    /// <summary>What the model knows of a pixel.</summary>
    public PixelFormat Pixels { get; init; }

    /// <summary>Each value becomes 0 or 1 at random, with itself as the probability, anew at each step.</summary>
    public bool Binarize { get; init; }

    /// <summary>What is minimised: a name of <see cref="Objectives.Objective.All"/>.</summary>
    public string Objective { get; init; } = "elbo";

    /// <summary>The objective's settings that differ from their standard, by name.</summary>
    public IReadOnlyDictionary<string, double> ObjectiveSettings { get; init; } = new Dictionary<string, double>();

    /// <summary>K, latents drawn for each image at each step.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>How the gradient reaches the encoder.</summary>
    public GradientEstimator Estimator { get; init; }

    /// <summary>Steps of training a denoising autoencoder in whose features reconstructions are compared; 0: pixels are compared.</summary>
    public long FeatureSteps { get; init; }

    /// <summary>p(x|z).</summary>
    public LikelihoodOptions Likelihood { get; init; } = new(LikelihoodKind.Laplace);

    /// <summary>Circular: for art that tiles.</summary>
    public PaddingMode Padding { get; init; }

    /// <summary>How products are computed.</summary>
    public Precision Precision { get; init; }

    /// <summary>Images a step.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Images of more bytes than this stay with the host, see <see cref="TrainingImages"/>; null: as the device allows.</summary>
    public long? ImageMemoryBytes { get; init; }

    /// <summary>Every random choice hangs on it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Length of the training in steps; one of the three lengths is given.</summary>
    public long? Steps { get; init; }

    /// <summary>Length in passes over the training images.</summary>
    public double? Epochs { get; init; }

    /// <summary>Length in minutes, the prior included: turned into steps by a measurement at the start.</summary>
    public double? Minutes { get; init; }

    /// <summary>The largest learning rate.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>How the learning rate changes.</summary>
    public RateSchedule Rate { get; init; } = new();

    /// <summary>Added to the root of Adam's second moment.</summary>
    public double AdamEpsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Global gradient norm above which gradients are scaled down, in nats an image; 0: never.</summary>
    public double MaxGradientNorm { get; init; } = 5000;

    /// <summary>How the weight of the KL term, as a share of β, rises from 0.</summary>
    public AnnealingSchedule Annealing { get; init; } = new();

    /// <summary>β, the final weight of the KL term.</summary>
    public double KlWeight { get; init; } = 1;

    /// <summary>Decay of the moving average of the weights that is used in the end.</summary>
    public double EmaDecay { get; init; } = 0.999;

    public Augmentation Augmentation { get; init; } = new(Flip: true);

    /// <summary>
    /// Steps of the flow prior's training; null: as many as the model's, between 300 and 3000, or by the minutes; 0: the model has the
    /// standard normal as its only prior.
    /// </summary>
    public long? PriorSteps { get; init; }

    /// <summary>Seconds between checkpoints; it has no part in the result, and is not stored.</summary>
    [JsonIgnore]
    public double CheckpointSeconds { get; init; } = 30;

    /// <summary>Share of the images that is kept out of training, to measure on.</summary>
    public double HeldOutFraction { get; init; } = 0.1;

    /// <summary>Checks each value by itself.</summary>
    /// <exception cref="TrainingException">A value is out of range; the message says which, and what is allowed.</exception>
    public TrainingOptions Validate()
    {
        int lengths = (Steps == null ? 0 : 1) + (Epochs == null ? 0 : 1) + (Minutes == null ? 0 : 1);
        Require(lengths == 1, $"Give the length of the training once: steps, epochs or minutes; found {lengths} of them.");
        Require(Steps is null or > 0 && Epochs is null or > 0 && Minutes is null or > 0, "The length of the training must be above 0.");
        Require(Steps is null or <= uint.MaxValue, $"The training must have at most {uint.MaxValue} steps; found {Steps}.");
        Require(double.IsFinite(Epochs ?? Minutes ?? 0), "The length of the training must be finite.");
        Require(PriorSteps is null or >= 0, $"The prior's steps must be 0 (no trained prior) or above; found {PriorSteps}.");
        Require(Batch is >= 1 and <= 4096, $"The batch must be 1 to 4096 images; found {Batch}.");
        Require(LearningRate is > 0 and <= 1, $"The learning rate must be above 0 and at most 1; found {LearningRate}.");
        Require(WeightDecay is >= 0 and <= 1, $"The weight decay must be 0 to 1; found {WeightDecay}.");
        Require(MaxGradientNorm >= 0, $"The gradient norm limit must be 0 (none) or above; found {MaxGradientNorm}.");
        Require(AdamEpsilon is > 0 and <= 1, $"The epsilon of Adam must be above 0 and at most 1; found {AdamEpsilon}.");
        Rate.Validate();
        Annealing.Validate();
        Temperature.Validate();
        Require(KlWeight >= 0, $"The KL weight must be 0 or above; found {KlWeight}.");
        Require(EmaDecay is >= 0 and < 1, $"The decay of the weight average must be at least 0 and below 1; found {EmaDecay}.");
        Require(CheckpointSeconds > 0, $"The seconds between checkpoints must be above 0; found {CheckpointSeconds}.");
        Require(HeldOutFraction is > 0 and <= 0.5, $"The held-out share must be above 0 and at most 0.5; found {HeldOutFraction}.");
        Composition.Validate(this);
        return this;
    }

    /// <summary>A setting of the objective.</summary>
    public double Setting(string name) => ObjectiveSettings.TryGetValue(name, out double value)
        ? value
        : Objectives.Objective.Find(Objective).Settings.First(s => s.Name == name).Standard;

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="TrainingException">The text is not what <see cref="ToJson"/> writes.</exception>
    public static TrainingOptions FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingOptions>(json, Json) ?? throw new JsonException("they are null");
        }
        catch (JsonException e)
        {
            throw new TrainingException($"The stored training options can't be read: {e.Message} Start again without --resume, in another run folder.", e);
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new TrainingException(message);
    }
}

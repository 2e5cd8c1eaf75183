using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using VaeProcgen.Editor.Dataset;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.ModelFile;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Verification;

/// <summary>
/// One batch through a network, forward and backward, with everything that another framework needs to check it: images, noise,
/// weights, every gradient and the loss terms, in one safetensors file beside a README with the formula.
/// </summary>
public static class GradientDump
{
    public const string FileName = "dump.safetensors";

    /// <summary>Runs the step and writes <see cref="FileName"/> and README.md into a folder.</summary>
    /// <param name="device">Where to run.</param>
    /// <param name="images">Real images; the batch is drawn from them, at most all of them.</param>
    /// <param name="options">Network, likelihood, β, batch and seed; augmentation is left out.</param>
    /// <param name="folder">Created if need be.</param>
    public static void Write(GpuDevice device, ArtSet images, TrainingOptions options, string folder)
    {
        if (options.Objective != "elbo" || options.Latent != LatentKind.Gaussian || options.Samples > 1 || options.Conditional || options.Pixels != PixelFormat.Rgba || options.Likelihood is { LearnedScale: true } or { Kind: LikelihoodKind.DiscretizedLogistic } || options.LatentSide != 0 || options.TopLatentSize != 0 || options.FeatureSteps > 0)
            throw new ArgumentException("The dump is of the plain VAE: the ELBO with flat Gaussian latents, one sample an image, and a Gaussian, Laplace or Bernoulli likelihood of a fixed or optimal scale, of pixels.");
        options = options with { Augmentation = new Augmentation(), Batch = Math.Min(options.Batch, images.Images.Count), Steps = 1, Annealing = new AnnealingSchedule { WarmupSteps = 0 } };
        VaeArchitecture architecture = VaeTraining.ArchitectureFor(options, images);
        using var workspace = new Workspace(device);
        var graph = new VaeTrainingGraph(architecture, options, images.Images.Count, mostSteps: 1);
        var sampler = new BatchSampler(images.Images.Count, options.Batch, options.Seed);
        // A learning rate of zero: the step leaves the weights as they were.
        var schedule = new Schedule(1, options.Seed, LearningRate: 0, options.KlWeight, EmaDecay: 0, graph.Optimizer);
        using var training = new RecordedTraining(workspace, "gradient dump", graph.Parameters, graph.AdamW, graph.Table, sampler, graph.StepKernels());
        graph.Upload(workspace, images);
        training.Initialize(options.Seed);
        var totals = new List<StepTotals>();
        training.Run(1, schedule, totals);
        Directory.CreateDirectory(folder);
        Save(Path.Combine(folder, FileName), workspace, graph, options, totals[0]);
        AtomicFile.Write(Path.Combine(folder, "README.md"), stream => stream.Write(Encoding.UTF8.GetBytes(Readme(graph, options, device))));
    }

    private static void Save(string path, Workspace workspace, VaeTrainingGraph graph, TrainingOptions options, StepTotals totals)
    {
        VaeArchitecture a = graph.Architecture;
        int n = options.Batch, z = a.LatentSize;
        var writer = new SafetensorsWriter();
        writer.AddFloats("images", workspace.Download<float>(graph.Gather.Output), n, a.Height, a.Width, a.ImageChannels);
        writer.AddFloats("epsilon", workspace.Download<float>(graph.Epsilon), n, z);
        float[] head = workspace.Download<float>(graph.Head);
        writer.AddFloats("activation.mu", Columns(head, 2 * z, 0, z), n, z);
        writer.AddFloats("activation.log_variance", Columns(head, 2 * z, z, z), n, z);
        writer.AddFloats("activation.logits", workspace.Download<float>(graph.Logits), n, a.Height, a.Width, a.ImageChannels);
        float[] weights = workspace.Download<float>(graph.Parameters.Values), gradients = workspace.Download<float>(graph.Parameters.Gradients);
        foreach (Parameter p in graph.Parameters.Parameters)
        {
            long[] shape = p.LogicalShape.Select(d => (long)d).ToArray();
            writer.AddFloats("weight." + p.Name, p.Gather(weights), shape);
            writer.AddFloats("gradient." + p.Name, p.Gather(gradients), shape);
        }

        double reconstruction = totals.NegativeLogLikelihood / n, kl = totals.Kl / n;
        writer.AddFloats("loss.reconstruction", [(float)reconstruction]);
        writer.AddFloats("loss.kl", [(float)kl]);
        writer.AddFloats("loss.total", [(float)(reconstruction + (options.KlWeight * kl))]);
        writer.Metadata["graph"] = GraphDescription.ToJson(graph.Graph, graph.Gather.Output, graph.Logits);
        writer.Metadata["architecture"] = a.ToJson();
        writer.Metadata["likelihood"] = a.Likelihood.Kind.ToString().ToLowerInvariant();
        writer.Metadata["link"] = a.Likelihood.Link.ToString().ToLowerInvariant();
        writer.Metadata["scale"] = a.Likelihood.FixedScale?.ToString("R", CultureInfo.InvariantCulture) ?? "optimal";
        writer.Metadata["kl_weight"] = options.KlWeight.ToString("R", CultureInfo.InvariantCulture);
        writer.Metadata["batch"] = n.ToString(CultureInfo.InvariantCulture);
        writer.Save(path);
    }

    private static float[] Columns(float[] rows, int width, int first, int count)
    {
        var result = new float[rows.Length / width * count];
        for (int i = 0; i < rows.Length / width; i++)
            rows.AsSpan((i * width) + first, count).CopyTo(result.AsSpan(i * count));
        return result;
    }

    private static string Readme(VaeTrainingGraph graph, TrainingOptions options, GpuDevice device)
    {
        VaeArchitecture a = graph.Architecture;
        return $"""
            # One training step, for checking

            `{FileName}` (safetensors, float32, row-major) holds one batch of {options.Batch} images of {a.Width}×{a.Height} through a VAE with Z = {a.LatentSize},
            computed on {device.Info.Name} by the {device.Path} path. N is the batch, D = {a.Values} the values of an image.

            | tensor | shape | what |
            |---|---|---|
            | `images` | [N, H, W, 4] | x: premultiplied RGBA in [0, 1] |
            | `epsilon` | [N, Z] | the noise of the reparameterization |
            | `weight.NAME` | see below | a parameter |
            | `gradient.NAME` | as the weight | d loss.total / d weight |
            | `activation.mu`, `activation.log_variance` | [N, Z] | the encoder's output |
            | `activation.logits` | [N, H, W, 4] | l: the decoder's output |
            | `loss.reconstruction`, `loss.kl`, `loss.total` | scalar | in nats, means over the batch |

            Weights: convolution [R, S, C, K]; transposed convolution [R, S, K, C] (the adjoint of the convolution that reads its output);
            linear [C, K], its input flattened in the order H, W, C; norms have `gamma` and `beta` [C].

                z = mu + exp(log_variance / 2) * epsilon,   log_variance clamped to [-12, 12]
                xhat = {(a.Likelihood.Link == LikelihoodLink.Sigmoid ? "sigmoid(l)" : "l")}
                kl = 1/N sum_n 1/2 sum_j (mu^2 + exp(log_variance) - log_variance - 1)
                reconstruction = {Formula(a.Likelihood)}
                total = reconstruction + {options.KlWeight.ToString(CultureInfo.InvariantCulture)} * kl

            The metadata entry `graph` lists the operators from `images` to `logits` in JSON; `architecture`, `likelihood`, `link`, `scale`,
            `kl_weight` and `batch` say the rest. `Benchmarks~/check_gradients.py FOLDER` checks every gradient with PyTorch in float64.

            """;
    }

    private static string Formula(LikelihoodOptions likelihood)
    {
        string scale = likelihood.FixedScale?.ToString(CultureInfo.InvariantCulture) ?? "optimal";
        return likelihood.Kind switch
        {
            LikelihoodKind.Laplace => "1/N sum_n (D log(2 b) + sum |x - xhat| / b),   b = " + (scale == "optimal" ? "max(mean of |x - xhat| over the batch, 1e-3)" : scale),
            LikelihoodKind.Gaussian => "1/N sum_n (D/2 log(2 pi s^2) + sum (x - xhat)^2 / (2 s^2)),   s^2 = " + (scale == "optimal" ? "max(mean of (x - xhat)^2 over the batch, 1e-6)" : $"{scale}^2"),
            _ => "1/N sum_n sum (log(1 + exp(l)) - x l)",
        };
    }
}

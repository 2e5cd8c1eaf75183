using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Editor.Objectives;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training;

/// <summary>Which choices about a training go together. Each rule says what does not, why, and what to choose instead.</summary>
internal static class Composition
{
    private const int MostSamples = 1000;
    private const int MostRows = 65_535;

    /// <exception cref="TrainingException">Some choices contradict each other.</exception>
    public static void Validate(TrainingOptions options)
    {
        if (Objective.All.All(o => o.Name != options.Objective))
            throw new TrainingException($"There is no objective '{options.Objective}'. Choose one of: {string.Join(", ", Objective.All.Select(o => o.Name))}.");
        Objective objective = Objective.Find(options.Objective);
        string? problem = Problems(options, objective).FirstOrDefault();
        if (problem != null)
            throw new TrainingException(problem);
    }

    private static IEnumerable<string> Problems(TrainingOptions o, Objective objective)
    {
        foreach ((string name, double value) in o.ObjectiveSettings)
        {
            ObjectiveSetting? setting = objective.Settings.FirstOrDefault(s => s.Name == name);
            if (setting == null)
            {
                string owners = string.Join(", ", Objective.All.Where(other => other.Settings.Any(s => s.Name == name)).Select(other => other.Name));
                yield return $"--{name} belongs to the objective {owners}; found --objective {o.Objective}.";
            }
            else if (!(value >= setting.Least && value <= setting.Most))
            {
                yield return $"--{name} must be {setting.Least} to {setting.Most}; found {value}.";
            }
        }

        if (!objective.Latents.Contains(o.Latent))
            yield return $"The objective {o.Objective} has no meaning with {Word(o.Latent)} latents; it goes with {string.Join(" or ", objective.Latents.Select(Word))} ones. With {Word(o.Latent)} latents choose {Among(Objective.All.Where(other => other.Latents.Contains(o.Latent)))}.";
        if (o.Samples is < 1 or > MostSamples)
            yield return $"The samples of an image must be 1 to {MostSamples}; found {o.Samples}.";
        if ((long)o.Samples * o.Batch > MostRows)
            yield return $"Samples times batch must be at most {MostRows}; found {o.Samples} × {o.Batch}. Lower one of them.";
        if (o.Samples > 1 && !objective.TakesSamples)
            yield return $"The objective {o.Objective} takes one sample an image; found --samples {o.Samples}. Several samples are for {Among(Objective.All.Where(other => other.TakesSamples))}.";
        if (o.Samples > 1 && o.Latent == LatentKind.Point)
            yield return "Point latents have nothing to sample: leave --samples at 1.";
        if (o.Estimator == GradientEstimator.DoublyReparameterized && !objective.WeighsSamples)
            yield return $"The doubly reparameterized gradient is one of the importance-weighted bound; found --objective {o.Objective}. Choose --objective iwae, or another --estimator.";
        if (o.Estimator == GradientEstimator.ScoreFunction && (objective.LatentTerm != LatentTerm.Divergence || o.Latent != LatentKind.Gaussian || o.LatentSide != 0))
            yield return $"The score-function gradient is for flat Gaussian latents and an objective with the KL in closed form ({Among(Objective.All.Where(other => other.LatentTerm == LatentTerm.Divergence))}); found {o.Objective} with {Word(o.Latent)} latents{(o.LatentSide == 0 ? "" : " on a grid")}.";
        if (o.Estimator == GradientEstimator.ScoreFunction && o.Likelihood.HasOptimalScale())
            yield return "The score-function gradient takes the likelihood of each row by itself, and the optimal scale depends on all of them. Choose --scale learned, or a number.";
        if (objective.WeighsSamples && o.Likelihood.HasOptimalScale())
            yield return $"The objective {o.Objective} weighs the samples of an image, and the optimal scale would depend on these weights. Choose --scale learned, or a number.";
        if (o.LatentSide != 0 && (objective.ReadsPosterior || objective.LatentTerm == LatentTerm.LogRatio))
            yield return $"The objective {o.Objective} is for flat latents; found a grid. Leave --grid away, or choose {Among(Objective.All.Where(other => other.LatentTerm == LatentTerm.Divergence))}.";
        if (o.TopLatentSize != 0)
        {
            if (o.TopLatentSize < 0 || o.TopLatentSize % 4 != 0)
                yield return $"The size of the second layer of latents must be a multiple of 4; found {o.TopLatentSize}.";
            if (o.Latent != LatentKind.Gaussian || o.LatentSide != 0 || o.Conditional)
                yield return "A second layer of latents stands above flat Gaussian ones, and is not told labels.";
            if (objective.LatentTerm != LatentTerm.LogRatio)
                yield return $"With a second layer of latents the KL has no closed form: choose --objective {Among(Objective.All.Where(other => other.LatentTerm == LatentTerm.LogRatio))}; found {o.Objective}.";
            if (o.Estimator == GradientEstimator.DoublyReparameterized)
                yield return "The doubly reparameterized gradient is there for one layer of latents only: choose another --estimator, or leave --top-latent away.";
        }

        if (o.Conditional && objective.ReadsPosterior)
            yield return $"The objective {o.Objective} takes the latents of all images together, whose prior must be one; found --conditional.";
        if (o.Latent == LatentKind.Quantized && o.LatentSide == 0)
            yield return "Quantized latents lie on a grid: give --grid, say 8 for images of 32 pixels.";
        if (o.Latent == LatentKind.Quantized && o.PriorSteps == 0)
            yield return "Nothing can be sampled from quantized latents without a trained prior over codes: give --prior-steps 1 or more, or leave it away.";
        if (o.Binarize && o.Likelihood.Kind != LikelihoodKind.Bernoulli)
            yield return $"Binarized images are scored by the Bernoulli likelihood; found {o.Likelihood.Kind}. Choose --likelihood bernoulli, or leave --binarize away.";
        if (o.FeatureSteps < 0)
            yield return $"The steps of the feature network must be 0 (none) or above; found {o.FeatureSteps}.";
        if (o.FeatureSteps > 0 && (objective.LatentTerm == LatentTerm.None || o.Samples > 1 || o.Binarize))
            yield return "Reconstruction in features goes with an objective that has a KL, one sample an image, and images that are not binarized.";
        if (o.FeatureSteps > 0 && o.Likelihood.LearnedScale)
            yield return $"With --features the likelihood of the pixels is no part of the loss, so its scale can't be learned. {(o.Likelihood.Kind == LikelihoodKind.DiscretizedLogistic ? "Give the logistic likelihood a number as --scale, or choose another likelihood." : "Choose --scale optimal, or a number.")}";
    }

    private static string Word(LatentKind kind) => kind.ToString().ToLowerInvariant();

    private static string Among(IEnumerable<Objective> objectives) => string.Join(" or ", objectives.Select(o => o.Name));
}

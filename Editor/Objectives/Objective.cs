using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Objectives;

/// <summary>A number that an objective takes; on the command line an option of this name.</summary>
/// <param name="Name">In lower case, with hyphens.</param>
/// <param name="Description">One line of help.</param>
/// <param name="Standard">The value where none is given.</param>
/// <param name="Least">The smallest that is allowed.</param>
/// <param name="Most">The largest that is allowed.</param>
public sealed record ObjectiveSetting(string Name, string Description, double Standard, double Least, double Most);

/// <summary>What of the latents an objective reads.</summary>
public enum LatentTerm
{
    /// <summary>Nothing: only the reconstruction counts.</summary>
    None,

    /// <summary>KL(q ‖ p) of each image and dimension, in closed form.</summary>
    Divergence,

    /// <summary>log q(z|x) − log p(z) at the samples.</summary>
    LogRatio,
}

/// <summary>What an objective builds on. Rows are nK + k: sample k of image n.</summary>
public sealed record ObjectiveInputs
{
    /// <summary>[N·K, 1]: −log p(x|z) in nats.</summary>
    public required Tensor NegativeLogLikelihood { get; init; }

    /// <summary>[N, Z] or [N, variables] for <see cref="LatentTerm.Divergence"/>, [N·K, 1] for <see cref="LatentTerm.LogRatio"/>.</summary>
    public Tensor? LatentTerm { get; init; }

    /// <summary>[N, 2Z] = (μ | log σ²), of flat Gaussian latents.</summary>
    public Tensor? Head { get; init; }

    /// <summary>[N·K, Z]</summary>
    public required Tensor Latents { get; init; }

    /// <summary>The step state: β, C and what else changes.</summary>
    public required Tensor Step { get; init; }

    /// <summary>K</summary>
    public required int Samples { get; init; }

    /// <summary>Images in the training set.</summary>
    public required long DatasetSize { get; init; }

    /// <summary>The value of one of the objective's settings.</summary>
    public required Func<string, double> Setting { get; init; }
}

/// <summary>
/// What training minimises. An objective is one file with one subclass: it is found by itself, its settings become options of
/// <c>train</c>, and its loss is an operator at the end of the graph.
/// </summary>
public abstract class Objective
{
    private static readonly Lazy<IReadOnlyList<Objective>> Found = new(() => typeof(Objective).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(Objective)) && !t.IsAbstract)
        .Select(t => (Objective)Activator.CreateInstance(t)!)
        .OrderBy(o => o.Name, StringComparer.Ordinal).ToArray());

    /// <summary>Every objective, by name.</summary>
    public static IReadOnlyList<Objective> All => Found.Value;

    /// <summary>What <c>--objective</c> takes.</summary>
    public abstract string Name { get; }

    /// <summary>One line for a person who chooses.</summary>
    public abstract string Summary { get; }

    public virtual IReadOnlyList<ObjectiveSetting> Settings => [];

    public abstract LatentTerm LatentTerm { get; }

    /// <summary>With which latents it has a meaning.</summary>
    public virtual IReadOnlyList<LatentKind> Latents => [LatentKind.Gaussian, LatentKind.Categorical];

    /// <summary>Whether more than one sample an image has a meaning.</summary>
    public virtual bool TakesSamples => true;

    /// <summary>Whether the rows of an image are weighed against each other, so that no scale may depend on all of them.</summary>
    public virtual bool WeighsSamples => false;

    /// <summary>Whether it reads the posterior itself, flat and Gaussian.</summary>
    public virtual bool ReadsPosterior => false;

    /// <summary>The operator whose output is the loss, in nats an image, first of four figures.</summary>
    public abstract Operator Loss(ObjectiveInputs inputs);

    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Objective Find(string name) => All.FirstOrDefault(o => o.Name == name)
        ?? throw new ArgumentException($"There is no objective '{name}'. Choose one of: {string.Join(", ", All.Select(o => o.Name))}.");
}

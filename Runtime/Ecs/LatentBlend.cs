using System;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Runtime.Ecs;

/// <summary>The way from one latent to another.</summary>
public enum BlendPath
{
    /// <summary>(1 − t) a + t b.</summary>
    Linear,

    /// <summary>Along the great circle (<see cref="LatentMath.Slerp"/>): for long ways, on which a straight line would come too near to the centre.</summary>
    Spherical,
}

/// <summary>
/// Component: the entity's latent moves to another one. Set a new one at any time: it starts from where the entity is. When it is done the
/// entity's <see cref="Latent"/> is the goal, and the component stays until it is set anew or removed.
/// </summary>
public struct LatentBlend
{
    /// <summary>Towards one latent.</summary>
    /// <param name="speed">Of the way, in a second: 0.5 takes two seconds.</param>
    /// <exception cref="ArgumentException">The goal is the default value, or the speed is not above 0.</exception>
    public LatentBlend(Latent goal, float speed, BlendPath path = BlendPath.Linear)
    {
        if (goal.IsEmpty)
            throw new ArgumentException("A blend needs a latent to move to; found the default value. Sample one, or name an asset.", nameof(goal));
        if (!(speed > 0) || float.IsInfinity(speed))
            throw new ArgumentException($"The speed of a blend is its share of the way in a second, above 0; found {speed}.", nameof(speed));
        (Goal, Speed, Path, Progress, IsStarted) = (goal, speed, path, 0, false);
    }

    /// <summary>Towards the weighted mean of several.</summary>
    /// <inheritdoc cref="LatentBlend(Latent, float, BlendPath)"/>
    public LatentBlend(ReadOnlySpan<Latent> targets, ReadOnlySpan<float> weights, float speed, BlendPath path = BlendPath.Linear)
        : this(Latent.Blend(targets, weights), speed, path)
    {
    }

    public Latent Goal { get; }

    /// <summary>Of the way, in a second.</summary>
    public float Speed { get; }

    public BlendPath Path { get; }

    /// <summary>From 0 to 1.</summary>
    public float Progress { get; internal set; }

    public readonly bool IsDone => Progress >= 1;

    internal bool IsStarted { get; set; }
}

using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training.Latents;

/// <summary>
/// Variables of a few classes, relaxed by Gumbel-Softmax at the temperature of the step, against a uniform prior. With straight-through
/// the decoder reads one-hot vectors.
/// </summary>
internal sealed class CategoricalLatent(LatentContext context) : LatentVariable(context)
{
    public override Tensor Draw() => Context.Graph.Add(new GumbelSoftmax(
        "posterior", Context.Head, Context.Step, Context.Architecture.Classes, Context.Options.Samples, Context.Options.StraightThrough));

    public override Tensor Divergence() => Context.Graph.Add(new CategoricalKl("KL", Context.Head, Context.Architecture.Classes));
}

using VaeProcgen.Shaders;

namespace VaeProcgen.Editor.Training.Latents;

/// <summary>The encoder's output itself: nothing is drawn, nothing costs.</summary>
internal sealed class PointLatent(LatentContext context) : LatentVariable(context)
{
    public override Tensor Draw() => Context.Head.Reshaped(Shape.Matrix(Context.Options.Batch, Context.Architecture.LatentSize));
}

using System;

namespace VaeProcgen.Shaders;

/// <summary>What softmax and entropy need of each categorical variable of C classes in a tensor [N, D·C] (class_statistics.comp).</summary>
internal static class ClassStatistics
{
    /// <summary>D of [N, D·C].</summary>
    /// <exception cref="ArgumentException">The tensor does not hold such variables.</exception>
    public static int VariablesOf(string name, Tensor logits, int classes)
    {
        if (classes < 2)
            throw new ArgumentException($"{name}: a categorical variable has at least 2 classes; found {classes}.");
        if (logits.Shape is not { H: 1, W: 1 } || logits.Shape.C % classes != 0 || logits.Shape.C % 4 != 0)
            throw new ArgumentException(
                $"{name} reads logits [N, D·C] of D variables with C = {classes} classes, D·C a multiple of 4; found {logits}.");
        return logits.Shape.C / classes;
    }

    /// <summary>A vec4 for each variable of a tensor of scores [N, D·C]: [N, 1, D, 4].</summary>
    public static Tensor TensorFor(string name, Tensor scores, int classes) =>
        new(name, new Shape(scores.Shape.N, 1, scores.Shape.C / classes, 4));

    /// <summary>Statistics (=) of each variable of the scores.</summary>
    public static KernelSpec Of(Tensor scores, Tensor statistics, int classes) =>
        Kernels.ClassStatistics(Grid.Elementwise(statistics.Shape.Count4), scores: scores, statistics: statistics,
            count4: scores.Shape.Count4, classes: classes);
}

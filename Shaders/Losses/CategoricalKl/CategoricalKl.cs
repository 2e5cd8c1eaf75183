using System;
using System.Collections.Generic;

namespace VaeProcgen.Shaders;

/// <summary>
/// KL(q ‖ uniform) = Σ_c q_c log q_c + log C of each of D categorical variables of C classes, q = softmax(logits), in nats
/// (Jang et al. 2016, arXiv:1611.01144): 0 where nothing is said, log C where the class is certain. Logits: [N, D·C], D·C a
/// multiple of 4, of any size that is finite.
/// </summary>
public sealed class CategoricalKl : Operator
{
    private readonly int classes;
    private readonly Tensor statistics;

    /// <param name="name">Name in reports.</param>
    /// <param name="logits">[N, D·C], the classes of a variable side by side.</param>
    /// <param name="classes">C, at least 2.</param>
    /// <exception cref="ArgumentException">The logits hold no such variables.</exception>
    public CategoricalKl(string name, Tensor logits, int classes)
        : base(name, logits)
    {
        this.classes = classes;
        Output = new Tensor(name, Shape.Matrix(logits.Shape.N, ClassStatistics.VariablesOf(name, logits, classes)));
        statistics = ClassStatistics.TensorFor(name + " statistics", logits, classes);
    }

    /// <summary>[N, D]: the KL of each variable of each row.</summary>
    public override Tensor Output { get; }

    public override IEnumerable<KernelSpec> Forward()
    {
        yield return ClassStatistics.Of(Inputs[0], statistics, classes);
        yield return Kernels.CategoricalKl(Grid.Elementwise(Output.Shape.Count4), statistics: statistics, kl: Output, rows: Output.Shape.N,
            variables: Output.Shape.C, classes: classes);
    }

    // dlogits_c = dkl · q_c (log q_c − Σ q log q)       (=)
    public override IEnumerable<KernelSpec> Backward(Gradients gradients)
    {
        Tensor logits = Inputs[0];
        if (gradients.IsWanted(logits))
            yield return Kernels.CategoricalKlBackward(Grid.Elementwise(logits.Shape.Count4), logits: logits, statistics: statistics,
                dKl: gradients.Of(Output), dLogits: gradients.ShareOf(logits),
                count4: logits.Shape.Count4, classes: classes, rowVariables: Output.Shape.C);
    }
}

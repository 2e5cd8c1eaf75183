using System;
using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Tests.Latents;

/// <summary>The prior over codes, one grid and position at a time, in double precision and written as the formulas stand.</summary>
internal sealed class CodePriorReference(CodePriorShape shape, IReadOnlyDictionary<string, float[]> tensors)
    : PerceptronReference("prior.codes.", shape.Hidden, shape.Blocks, tensors)
{
    /// <summary>−log p of each code of a grid, in nats.</summary>
    public double[] NegativeLogLikelihoods(int[] codes, int? label = null) => codes.Select((code, position) =>
    {
        double[] logits = Logits(codes, position, label ?? shape.Labels);
        double most = logits.Max();
        return Math.Log(logits.Sum(l => Math.Exp(l - most))) + most - logits[code];
    }).ToArray();

    private double[] Logits(int[] codes, int position, int label)
    {
        int size = shape.Embedding, hidden = shape.Hidden;
        var h = new double[hidden];
        for (int slot = 0; slot < shape.Grid.Slots; slot++)
        {
            int source = shape.Grid.SourceOf(position, slot);
            if (source < 0)
            {
                continue;
            }
            double[] embedded = Tensor("embedding.weight").Skip(codes[source] * size).Take(size).Select(v => (double)v).ToArray();
            double[] part = Linear(Tensor("in.weight").AsSpan(slot * size * hidden, size * hidden), new float[hidden], embedded, hidden);
            h = h.Zip(part, (a, b) => Round(a + b)).ToArray();
        }
        double[] shift = Tensor("in.bias").Select((b, i) => Round(b + Tensor("position.weight")[(position * hidden) + i])).ToArray();
        if (shape.Labels > 0)
        {
            shift = shift.Select((s, i) => Round(s + Tensor("label.weight")[(label * hidden) + i])).ToArray();
        }
        return Body(h.Zip(shift, (a, b) => Round(a + b)).ToArray(), shape.Codes);
    }
}

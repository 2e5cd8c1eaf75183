using System;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.References;

public sealed class SoftmaxCrossEntropyReferenceTests
{
    [Test]
    public void EqualLogitsCostTheLogarithmOfTheirNumber() =>
        Assert.That(SoftmaxCrossEntropyReference.Forward(4, [7, 7, 7, 7, 0, Math.Log(2), 0, -1000], [2, 1]),
            Is.EqualTo(new[] { Math.Log(4), Math.Log(2) }).Within(1e-12));

    [Test]
    public void BackwardAgreesWithFiniteDifferences()
    {
        const int classes = 5;
        double[] logits = TestData.Uniform(3 * classes, 1, -4, 4), dNll = TestData.Uniform(3, 2);
        int[] targets = [4, 0, 2];
        FiniteDifference.CheckBackward(l => SoftmaxCrossEntropyReference.Forward(classes, l, targets), logits, dNll,
            SoftmaxCrossEntropyReference.Backward(classes, logits, targets, dNll), "dLogits", i => $"[r={i / classes}, k={i % classes}]");
    }

    [Test]
    public void Float32StaysWithinTheBounds()
    {
        const int classes = 127;
        double[] logits = TestData.Uniform(classes, 3, -30, 30);
        float most = (float)logits.Max(), sum = 0;
        foreach (double l in logits)
            sum += MathF.Exp((float)l - most);
        float logSum = MathF.Log(sum);
        float[] gradient = logits.Select((l, k) => 0.5f * (MathF.Exp((float)l - most - logSum) - (k == 9 ? 1 : 0))).ToArray();
        Compare.Within([logSum + (most - (float)logits[9])], SoftmaxCrossEntropyReference.Forward(classes, logits, [9]),
            SoftmaxCrossEntropyReference.ForwardBound(classes, logits, [9]), "nll", _ => "");
        Compare.Within(gradient, SoftmaxCrossEntropyReference.Backward(classes, logits, [9], [0.5]),
            SoftmaxCrossEntropyReference.BackwardBound(classes, logits, [9], [0.5]), "dLogits", k => $"[k={k}]");
    }
}

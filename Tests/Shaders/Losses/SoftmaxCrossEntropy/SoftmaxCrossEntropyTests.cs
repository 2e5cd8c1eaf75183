using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class SoftmaxCrossEntropyTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 1, 1)]
    [TestCase(3, 5, 4)]
    [TestCase(13, 127, 8)]
    [TestCase(127, 33, 30)]
    [TestCase(9, 1030, 300, Description = "logits whose exponentials overflow by themselves")]
    public void ForwardAndGradient(int rows, int classes, double scale)
    {
        double[] logits = TestData.Uniform(rows * classes, 1, -scale, scale), dNll = TestData.Uniform(rows, 2);
        int[] targets = Enumerable.Range(0, rows).Select(r => r * 31 % classes).ToArray();
        using var check = new OperatorCheck(Device);
        Tensor input = check.Input("logits", new Dims(rows, 1, 1, classes), logits);
        var op = new SoftmaxCrossEntropy("nll", input, check.Words("targets", targets.Select(t => (uint)t).ToArray()));
        check.Run(check.Graph.Add(op), dNll);
        Compare.Within(check.Value(op.Output), SoftmaxCrossEntropyReference.Forward(classes, logits, targets),
            SoftmaxCrossEntropyReference.ForwardBound(classes, logits, targets), "nll", r => $"[r={r}]");
        Compare.Within(check.Gradient(input), SoftmaxCrossEntropyReference.Backward(classes, logits, targets, dNll),
            SoftmaxCrossEntropyReference.BackwardBound(classes, logits, targets, dNll), "dLogits", new Dims(rows, 1, 1, classes).Locate);
    }

    [Test]
    public void RefusesTargetsThatDoNotMatch() => Assert.That(
        () => new SoftmaxCrossEntropy("nll", new Tensor("logits", Shape.Matrix(3, 5)), new Tensor("targets", Shape.Vector(4))),
        Throws.ArgumentException.With.Message.Contains("logits [3, 1, 1, 5]").And.Message.Contains("4 targets"));
}

using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class FrozenParametersTests(OperandPath path) : GpuTest(path)
{
    private static readonly Dims Input = new(3, 8, 8, 4);

    /// <summary>Every layer with weights: the gradient passes to the input with the same bits, and no weight gets one.</summary>
    [Test]
    public void GradientsPassThroughAndNoneIsComputedForTheWeights()
    {
        float[] trained = InputGradient(frozen: false, out int all), frozen = InputGradient(frozen: true, out int fewer);
        Assert.That(frozen, Is.EqualTo(trained).And.Some.Not.Zero);
        Assert.That(fewer, Is.LessThan(all));
    }

    [Test]
    public void OneNameIsOneParameterHoweverOftenItIsAdded()
    {
        var set = new ParameterSet("frozen") { IsFrozen = true };
        Parameter first = set.Add("w", Shape.Vector(5), [5], Initializer.Ones, decays: false);
        Assert.That(first.IsFrozen);
        Assert.That(set.Count, Is.Positive, "laid out");
        Assert.That(set.Add("w", Shape.Vector(5), [5], Initializer.Ones, decays: false), Is.SameAs(first));
        Assert.That(set.Parameters, Has.Count.EqualTo(1));
        var fresh = new ParameterSet("frozen") { IsFrozen = true };
        fresh.Add("w", Shape.Vector(5), [5], Initializer.Ones, decays: false);
        Assert.That(
            () => fresh.Add("w", Shape.Vector(6), [6], Initializer.Ones, decays: false),
            Throws.ArgumentException.With.Message.Contains("of another shape"));
    }

    private float[] InputGradient(bool frozen, out int kernels)
    {
        using var check = new OperatorCheck(Device);
        var set = new ParameterSet("weights") { IsFrozen = frozen };
        Tensor x = check.Input("x", Input, TestData.Uniform(Input.Length, 1));
        Tensor y = check.Graph.Add(new Conv2d("conv", set, x, 6, new ConvGeometry(4, 2, 1, PaddingMode.Zero), Activation.LeakyRelu));
        y = check.Graph.Add(new GroupNorm("norm", set, y, 2));
        y = check.Graph.Add(new ConvTranspose2d("deconv", set, y, 4, new ConvGeometry(4, 2, 1, PaddingMode.Zero)));
        y = check.Graph.Add(new Linear("linear", set, y, 5, Activation.Tanh));
        var stored = new float[set.Count];
        foreach ((Parameter p, int i) in set.Parameters.Select((p, i) => (p, i)))
            p.Scatter(TestData.ToFloat(TestData.Uniform(p.Gather(stored).Length, 10 + i)), stored);
        check.Upload(set.Values, TestData.ToDouble(stored));
        var kernelsOfBackward = 0;
        check.Run(y, TestData.Uniform(3 * 5, 2));
        foreach (KernelSpec kernel in check.Graph.Backward().Kernels)
        {
            kernelsOfBackward++;
            bool writesGradients = kernel.Bindings.Any(b => b.Writes && b.Tensor.Base == set.Gradients);
            Assert.That(frozen && writesGradients, Is.False, kernel.Label);
        }

        kernels = kernelsOfBackward;
        return check.Gradient(x);
    }
}

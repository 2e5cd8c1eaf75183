using System.Linq;
using NUnit.Framework;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Shaders;

[TestFixture]
public sealed class ParameterSetTests
{
    private static ParameterSet Make(out Parameter bias, out Parameter conv, out Parameter linear)
    {
        var set = new ParameterSet("parameters");
        bias = set.Add("bias", Shape.Vector(5), [5], Initializer.Zeros, decays: false);
        conv = set.Add("conv", Shape.Weight(3, 3, 5), [3, 3, 3, 5], Initializer.Ones, decays: true);
        linear = set.Add("linear", Shape.Weight(1, 13, 7), [13, 7], Initializer.FanIn(13), decays: true);
        return set;
    }

    [Test]
    public void ScatterPlacesEachValueAndGatherFindsIt()
    {
        ParameterSet set = Make(out Parameter bias, out Parameter conv, out Parameter linear);
        var stored = new float[set.Count];
        float next = 1;
        foreach (Parameter parameter in set.Parameters)
        {
            float[] values = Enumerable.Range(0, parameter.LogicalShape.Aggregate((a, b) => a * b)).Select(_ => next++).ToArray();
            parameter.Scatter(values, stored);
            Assert.That(parameter.Gather(stored), Is.EqualTo(values), parameter.Name);
        }

        var all = Enumerable.Range(1, (int)set.LogicalCount).Select(i => (float)i);
        Assert.That(stored.Where(v => v != 0).Order(), Is.EqualTo(all), "nothing overlaps");
        // [r, s, c, k] = [2, 1, 2, 4] of the convolution, with C padded from 3 to 4 and K from 5 to 8.
        const int padded = (((2 * 3) + 1) * 4 + 2) * 8 + 4, unpadded = (((2 * 3) + 1) * 3 + 2) * 5 + 4;
        Assert.That(stored[conv.BaseOffset + padded], Is.EqualTo(conv.Gather(stored)[unpadded]));
        Assert.That(stored[linear.BaseOffset + (12 * 8) + 6], Is.EqualTo(linear.Gather(stored)[^1]));
        Assert.That(stored[bias.BaseOffset + 4], Is.EqualTo(5f));
    }

    [Test]
    public void WeightsThatDecayComeFirstAndAllAreAligned()
    {
        ParameterSet set = Make(out Parameter bias, out Parameter conv, out Parameter linear);
        Assert.That(set.DecayedCount, Is.GreaterThan(0).And.EqualTo(bias.BaseOffset));
        Assert.That(set.Parameters.Select(p => p.BaseOffset % ParameterSet.Alignment), Is.All.Zero);
        long EndOf(Parameter parameter) => parameter.BaseOffset + parameter.Shape.Count + parameter.Shape.PaddedC;
        Assert.That(linear.BaseOffset, Is.GreaterThanOrEqualTo(EndOf(conv)), "zeros lie past each parameter");
        Assert.That(set.Count, Is.GreaterThanOrEqualTo(EndOf(bias)));
        Assert.That(bias.Gradient.BaseOffset, Is.EqualTo(bias.BaseOffset));
        Assert.That(set.LogicalCount, Is.EqualTo(5 + (27 * 5) + (13 * 7)));
    }

    [Test]
    public void RefusesARepeatedNameAndALateParameter()
    {
        ParameterSet set = Make(out _, out _, out _);
        Parameter Add(string name) => set.Add(name, Shape.Vector(1), [1], Initializer.Zeros, decays: false);
        Assert.That(() => Add("conv"), Throws.ArgumentException.With.Message.Contains("'conv'"));
        Assert.That(set.Count, Is.Positive);
        Assert.That(() => Add("late"), Throws.InvalidOperationException.With.Message.Contains("'late'"));
    }
}

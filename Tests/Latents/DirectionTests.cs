using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Latents;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Tests.Models;

namespace VaeProcgen.Tests.Latents;

public class DirectionTests
{
    [Test]
    public void AnAttributeLeadsFromOneMeanToTheOther() => Assert.That(
        AttributeDirection.Compute([1, 2, 3, 6], [0, 1, 0, 2, 3, 3], 2), Is.EqualTo(new float[] { 1, 2 }), "(2, 4) less (1, 2)");

    [Test]
    public void EmptyOrEqualGroupsHaveNoDirection()
    {
        Assert.That(() => AttributeDirection.Compute([], [1, 2], 2), Throws.ArgumentException.With.Message.Contains("the group 'with'"));
        Assert.That(() => AttributeDirection.Compute([1, 2], [1], 2),
            Throws.ArgumentException.With.Message.Contains("the group 'without'"));
        Assert.That(() => AttributeDirection.Compute([1, 2], [1, 2], 2),
            Throws.ArgumentException.With.Message.Contains("same mean latent"));
    }

    [Test]
    public void AMoveAddsAMultiple()
    {
        var moved = new float[3];
        LatentMath.Move([1, 2, 3], [10, 0, -10], 0.5f, moved);
        Assert.That(moved, Is.EqualTo(new float[] { 6, 2, -2 }));
    }

    [Test]
    public void MovesAddUpOverAllLatents()
    {
        VaeModel model = new VaeModel(TinyModel.Architecture, TinyModel.WeightsFor(TinyModel.Architecture)).WithDirections(
            new Dictionary<string, float[]> { ["a"] = [1, 0, 0, 0], ["b"] = [0, 0, 2, 0] });
        float[] latents = [0, 0, 0, 0, 1, 1, 1, 1];
        DirectionMove.Apply(model, [new("a", 3), new("b", -0.5f)], latents);
        Assert.That(latents, Is.EqualTo(new float[] { 3, 0, -1, 0, 4, 1, 0, 1 }));
        Assert.That(() => DirectionMove.Require(model, [new("c", 1)]), Throws.ArgumentException.With.Message.Contains("it has a, b"));
    }

    [TestCase("shiny=1.5", "shiny", 1.5f)]
    [TestCase("two words=-2", "two words", -2f)]
    public void ReadsNameAndAmount(string text, string name, float amount) =>
        Assert.That(DirectionMove.Parse(text), Is.EqualTo(new DirectionMove(name, amount)));

    [TestCase("shiny")]
    [TestCase("=1")]
    [TestCase("shiny=")]
    [TestCase("shiny=much")]
    [TestCase("shiny=NaN")]
    [TestCase("shiny=1000")]
    public void OtherTextIsRefused(string text) =>
        Assert.That(() => DirectionMove.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains("NAME=AMOUNT"));

    [Test]
    public void ASheetGoesFromMinusTwoToTwo()
    {
        Assert.That(Enumerable.Range(0, DirectionSheet.Columns).Select(DirectionSheet.AmountOf),
            Is.EqualTo(new[] { -2, -1.5f, -1, -0.5f, 0, 0.5f, 1, 1.5f, 2 }));
        float[] latents = DirectionSheet.Latents([([1, 1], [2, 0]), ([0, 0], [0, 1])]);
        Assert.That(latents, Has.Length.EqualTo(2 * 9 * 2));
        Assert.That(latents[..2], Is.EqualTo(new float[] { -3, 1 }));
        Assert.That(latents[8..10], Is.EqualTo(new float[] { 1, 1 }), "the middle is where the row starts from");
        Assert.That(latents[^2..], Is.EqualTo(new float[] { 0, 2 }));
    }
}

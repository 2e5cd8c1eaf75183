using System;
using NUnit.Framework;
using VaeProcgen.Editor.Priors;

namespace VaeProcgen.Tests.Priors;

public sealed class CategoricalPriorFitterTests
{
    [Test]
    public void ProbabilitiesAreTheMeanOfThePosteriors()
    {
        // Two images of two variables: (1/4, 3/4) and (1, 0), then (1/2, 1/2) and (0, 1).
        float log3 = MathF.Log(3);
        float[] logits = [0, log3, 500, -500, 7, 7, -500, 500];
        float[] p = CategoricalPriorFitter.Fit(logits, variables: 2, classes: 2).Probabilities.ToArray();
        Assert.That(p, Is.EqualTo(new[] { 0.375f, 0.625f, 0.5f, 0.5f }).Within(1e-7f));
    }

    [Test]
    public void WhatIsNoSetOfLogitsIsRefused()
    {
        Assert.That(() => CategoricalPriorFitter.Fit([], 2, 2), Throws.ArgumentException.With.Message.Contains("found 0"));
        Assert.That(() => CategoricalPriorFitter.Fit(new float[6], 2, 2),
            Throws.ArgumentException.With.Message.Contains("4 numbers each; found 6"));
        Assert.That(() => CategoricalPriorFitter.Fit([0, 0, 0, float.NaN], 2, 2),
            Throws.ArgumentException.With.Message.Contains("NaN at 3"));
        Assert.That(() => CategoricalPriorFitter.Fit(new float[4], 4, 1), Throws.ArgumentException.With.Message.Contains("4 of 1"));
    }
}

using NUnit.Framework;
using VaeProcgen.Runtime.Decode;

namespace VaeProcgen.Tests.Decode;

public sealed class DecodeBudgetTests
{
    [Test]
    public void AFrameSpendsNoMoreThanItsBudget()
    {
        var budget = new DecodeBudget(4);
        budget.BeginFrame(smallest: 0.5);
        Assert.That(budget.Allows(3), Is.True);
        budget.Submit(3);
        Assert.That(budget.Allows(1.5), Is.False);
        Assert.That(budget.Allows(1), Is.True);
        budget.Submit(1);
        Assert.That(budget.Spent, Is.EqualTo(4));
    }

    [Test]
    public void WhatIsNotUsedIsNotSavedUp()
    {
        var budget = new DecodeBudget(4);
        for (int i = 0; i < 10; i++)
            budget.BeginFrame(smallest: 0.5);
        Assert.That((budget.Allows(4), budget.Allows(4.1)), Is.EqualTo((true, false)));
    }

    [Test]
    public void ABatchThatIsDearerThanAFrameComesEveryFewFrames()
    {
        var budget = new DecodeBudget(4);
        int submitted = 0;
        for (int frame = 0; frame < 30; frame++)
        {
            budget.BeginFrame(smallest: 10);
            if (!budget.Allows(10))
                continue;
            budget.Submit(10);
            budget.Complete(10);
            submitted++;
        }

        Assert.That(submitted, Is.EqualTo(10), "every third: 10 of 12 ms, and what is left over is not saved up");
    }

    [Test]
    public void ADeviceThatFallsBehindIsNotGivenMore()
    {
        var budget = new DecodeBudget(4);
        budget.BeginFrame(smallest: 1);
        budget.Submit(4);
        budget.BeginFrame(smallest: 1);
        Assert.That(budget.Allows(1), Is.False);
        budget.Complete(4);
        Assert.That(budget.Allows(4), Is.True);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Training;

namespace VaeProcgen.Tests.Training;

public sealed class BatchSamplerTests
{
    [TestCase(13, 4)]
    [TestCase(12, 4)]
    [TestCase(127, 64)]
    [TestCase(5, 12, Description = "a batch that is larger than the set")]
    [TestCase(2, 1)]
    [TestCase(1, 3)]
    public void EachPassHoldsEveryImageOnce(int count, int batch)
    {
        uint[][] passes = Rows(count, batch, seed: 3).Take(4 * count).Chunk(count).ToArray();
        foreach (uint[] pass in passes)
            Assert.That(pass.Order(), Is.EqualTo(Enumerable.Range(0, count).Select(i => (uint)i)));
        if (count > 10)
            Assert.That(passes.Select(p => string.Join(",", p)), Is.Unique);
    }

    [Test]
    public void ABatchIsAFunctionOfTheStepAlone()
    {
        const int batch = 4;
        uint[][] inOrder = Rows(13, batch, seed: 3).Take(50 * batch).Chunk(batch).ToArray();
        var sampler = new BatchSampler(13, batch, seed: 3);
        var rows = new uint[batch];
        foreach (int step in new[] { 49, 0, 17, 3, 17, 48, 2, 3 })
        {
            sampler.RowsAt(step, rows);
            Assert.That(rows, Is.EqualTo(inOrder[step]), $"step {step}");
        }
    }

    [Test]
    public void AnotherSeedGivesAnotherOrder() =>
        Assert.That(Rows(100, 10, seed: 1).Take(100), Is.Not.EqualTo(Rows(100, 10, seed: 2).Take(100)));

    /// <summary>Each image is as likely to come first: χ² over 20 images and 2000 passes lies below its 99.9th percentile.</summary>
    [Test]
    public void OrdersAreNotBiased()
    {
        const int count = 20, passes = 2000;
        var first = new int[count];
        foreach (uint[] pass in Rows(count, count, seed: 9).Take(count * passes).Chunk(count))
            first[pass[0]]++;
        const double expected = (double)passes / count, limit = 43.8;
        Assert.That(first.Sum(f => Math.Pow(f - expected, 2) / expected), Is.LessThan(limit));
    }

    [Test]
    public void LateStepsDoNotOverflow()
    {
        var rows = new uint[64];
        new BatchSampler(3, 64, seed: 1).RowsAt(uint.MaxValue, rows);
        Assert.That(rows, Is.All.LessThan(3u));
        Assert.That(rows.Distinct().Count(), Is.EqualTo(3));
    }

    private static IEnumerable<uint> Rows(int count, int batch, ulong seed)
    {
        var sampler = new BatchSampler(count, batch, seed);
        var rows = new uint[batch];
        for (long step = 0; ; step++)
        {
            sampler.RowsAt(step, rows);
            foreach (uint row in rows)
                yield return row;
        }
    }
}

using System;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>Mean and variance of many draws, one after the other (Welford 1962).</summary>
public sealed class SampleMean
{
    private double squares;

    public long Count { get; private set; }

    public double Mean { get; private set; }

    public double Variance => squares / (Count - 1);

    /// <summary>Of <see cref="Mean"/>.</summary>
    public double StandardError => Math.Sqrt(Variance / Count);

    public void Add(double value)
    {
        Count++;
        double difference = value - Mean;
        Mean += difference / Count;
        squares += difference * (value - Mean);
    }
}

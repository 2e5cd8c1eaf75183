using System;

namespace VaeProcgen.Runtime.Decode;

/// <summary>What something costs: the median of the last five measurements, which one hiccup does not move.</summary>
internal sealed class CostMeter
{
    private const int Kept = 5;

    private readonly double[] last = new double[Kept];
    private int count;

    /// <summary>In the unit of what was added; infinite before anything was.</summary>
    public double Median { get; private set; } = double.PositiveInfinity;

    public void Add(double cost)
    {
        last[count++ % Kept] = cost;
        int known = Math.Min(count, Kept);
        Span<double> sorted = stackalloc double[Kept];
        for (int i = 0; i < known; i++)
        {
            int place = i;
            for (; place > 0 && sorted[place - 1] > last[i]; place--)
                sorted[place] = sorted[place - 1];
            sorted[place] = last[i];
        }

        Median = sorted[known / 2];
    }
}

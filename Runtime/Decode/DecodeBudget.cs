using System;

namespace VaeProcgen.Runtime.Decode;

/// <summary>
/// How much may be decoded in a frame. Each frame adds its budget to a credit, and each batch takes what batches of its kind have
/// cost so far; no more than one frame's budget is ever saved up, but for what the smallest batch needs. What is in flight and not
/// done yet counts too, so that a device that falls behind is not given more.
/// </summary>
public sealed class DecodeBudget
{
    private double milliseconds;
    private double credit;
    private double inFlight;

    /// <param name="milliseconds">Of device time a frame, above 0.</param>
    public DecodeBudget(double milliseconds) => Milliseconds = milliseconds;

    /// <summary>Of device time a frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0.</exception>
    public double Milliseconds
    {
        get => milliseconds;
        set => milliseconds = value > 0 && !double.IsInfinity(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The frame's budget must be above 0 milliseconds, such as 4.");
    }

    /// <summary>What was submitted in this frame, by the costs known then.</summary>
    public double Spent { get; private set; }

    /// <param name="smallest">Cost of the smallest batch that is wanted, in milliseconds.</param>
    public void BeginFrame(double smallest)
    {
        credit = Math.Min(credit + Milliseconds, Math.Max(Milliseconds, smallest));
        Spent = 0;
    }

    /// <summary>Whether a batch may be submitted now.</summary>
    public bool Allows(double cost) => cost <= credit && (inFlight == 0 || inFlight + cost <= Milliseconds);

    public void Submit(double cost)
    {
        credit -= cost;
        inFlight += cost;
        Spent += cost;
    }

    /// <param name="cost">What it was submitted with.</param>
    public void Complete(double cost) => inFlight = Math.Max(0, inFlight - cost);
}

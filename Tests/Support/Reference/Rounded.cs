using System;
using System.Collections.Generic;
using System.Linq;

namespace VaeProcgen.Tests.Support.Reference;

/// <summary>
/// A value in double precision and a bound on the error that float32 arithmetic makes on the way to it: running error analysis
/// (Higham, Accuracy and Stability of Numerical Algorithms, §3.3) with the roundings of <see cref="ErrorBound"/>. A formula written
/// once in this type gives a reference and its bound. The errors of operands are taken to be independent, so that what cancels in
/// truth, as in x − x, does not cancel here: the bound is then wide, never wrong.
/// </summary>
/// <param name="Value">In double precision, as if there were no float32.</param>
/// <param name="Error">How far a float32 result may lie off; 0 for an exact float32.</param>
public readonly record struct Rounded(double Value, double Error = 0)
{
    public static implicit operator Rounded(double exact) => new(exact);

    public static Rounded operator -(Rounded a) => new(-a.Value, a.Error);

    public static Rounded operator +(Rounded a, Rounded b) => Round(a.Value + b.Value, a.Error + b.Error);

    public static Rounded operator -(Rounded a, Rounded b) => Round(a.Value - b.Value, a.Error + b.Error);

    public static Rounded operator *(Rounded a, Rounded b) =>
        Round(a.Value * b.Value, Math.Abs(a.Value) * b.Error + Math.Abs(b.Value) * a.Error + a.Error * b.Error);

    public static Rounded operator /(Rounded a, Rounded b)
    {
        double quotient = a.Value / b.Value, least = Math.Abs(b.Value) - b.Error;
        double error = least > 0 ? (a.Error + Math.Abs(quotient) * b.Error) / least : double.PositiveInfinity;
        return new Rounded(quotient, error + ErrorBound.Divide(Math.Abs(quotient) + error));
    }

    /// <summary>A constant that was rounded to float32 once.</summary>
    public static Rounded Constant(double value) => Round(value, 0);

    /// <summary>A sum in any order; in one that is known, the most additions that a term passes through tell a narrower bound.</summary>
    public static Rounded Sum(IEnumerable<Rounded> terms, int? additions = null)
    {
        double sum = 0, error = 0, magnitude = 0;
        int count = 0;
        foreach (Rounded term in terms)
        {
            sum += term.Value;
            error += term.Error;
            magnitude += Math.Abs(term.Value) + term.Error;
            count++;
        }

        return new Rounded(sum, error + ErrorBound.Sum(additions ?? count, magnitude) + count * ErrorBound.SmallestNormal);
    }

    public static Rounded Exp(Rounded a)
    {
        double value = Math.Exp(a.Value), highest = Math.Exp(a.Value + a.Error);
        return new Rounded(value, highest - value + Math.Max(ErrorBound.Exp(a.Value + a.Error), ErrorBound.Exp(a.Value - a.Error)));
    }

    public static Rounded Log(Rounded a)
    {
        double low = a.Value - a.Error, high = a.Value + a.Error;
        double own = Math.Max(ErrorBound.Log(low), ErrorBound.Log(high));
        if (low < 2 && high > 0.5)
            own = Math.Max(own, ErrorBound.Log(1));
        return new Rounded(Math.Log(a.Value), low > 0 ? a.Error / low + own : double.PositiveInfinity);
    }

    public static Rounded Max(Rounded a, Rounded b) => new(Math.Max(a.Value, b.Value), Math.Max(a.Error, b.Error));

    public static Rounded Abs(Rounded a) => a with { Value = Math.Abs(a.Value) };

    /// <summary>log Σ exp, stable: max + log Σ exp(term − max).</summary>
    public static Rounded LogSumExp(IReadOnlyCollection<Rounded> terms)
    {
        Rounded largest = terms.Aggregate(Max);
        return largest + Log(Sum(terms.Select(t => Exp(t - largest))));
    }

    public static double[] Values(IEnumerable<Rounded> numbers) => numbers.Select(n => n.Value).ToArray();

    public static double[] Errors(IEnumerable<Rounded> numbers) => numbers.Select(n => n.Error).ToArray();

    private static Rounded Round(double value, double error) =>
        new(value, error + ErrorBound.UnitRoundoff * (Math.Abs(value) + error) + ErrorBound.SmallestNormal);
}

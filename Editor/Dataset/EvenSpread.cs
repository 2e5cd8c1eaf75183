using System.Linq;

namespace VaeProcgen.Editor.Dataset;

/// <summary>Some of many, so that no part of them is left out.</summary>
internal static class EvenSpread
{
    /// <summary>At most <paramref name="most"/> of the numbers 0 to <paramref name="count"/> − 1, evenly spread, in order.</summary>
    public static int[] Of(int count, int most) =>
        count <= most ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, most).Select(i => (int)((long)i * count / most))];
}

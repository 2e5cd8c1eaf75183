using System;
using NUnit.Framework;

namespace VaeProcgen.Tests.Support;

/// <summary>Whether something that is done again and again allocates.</summary>
internal static class Allocations
{
    private const int Windows = 6;
    private const int Times = 30;

    /// <summary>
    /// Fails if it allocates in every window of time: the first time that a method runs the runtime itself may allocate a little, and when
    /// that is hangs on the device, but what is allocated each time is there in all windows.
    /// </summary>
    /// <param name="frame">Called with 0, 1 and so on.</param>
    public static void RequireNoneOnceWarm(Action<int> frame)
    {
        long least = long.MaxValue;
        for (int window = 0; window < Windows && least > 0; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Times; i++)
                frame((window * Times) + i);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero, $"bytes allocated in {Times} frames, at the least");
    }
}

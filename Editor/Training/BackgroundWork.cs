using System;
using System.Threading.Tasks;

namespace VaeProcgen.Editor.Training;

/// <summary>
/// What is done beside a training, so that the device never waits for it: figures, previews and checkpoints, one piece after another in the
/// order given. So a run folder is at every moment as if nothing ran beside it. After a piece that failed, no other is begun.
/// </summary>
public sealed class BackgroundWork
{
    private Task last = Task.CompletedTask;

    /// <summary>Does it when all that was posted before is done, and returns at once.</summary>
    /// <returns>Ends with the piece; <see cref="Wait"/> and <see cref="ThrowIfFailed"/> tell how.</returns>
    public Task Post(Action piece)
    {
        last = last.ContinueWith(
            before =>
            {
                before.GetAwaiter().GetResult();
                piece();
            },
            TaskScheduler.Default);
        return last;
    }

    /// <summary>Throws what a piece threw, if one has.</summary>
    public void ThrowIfFailed()
    {
        if (last.IsFaulted)
            Wait();
    }

    /// <summary>Waits for all pieces; throws what one threw.</summary>
    public void Wait() => last.GetAwaiter().GetResult();

    /// <summary>Waits for all pieces, where another error is already under way.</summary>
    public void WaitQuietly() => Task.WaitAny(last);
}

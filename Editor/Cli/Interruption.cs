using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;

namespace VaeProcgen.Editor.Cli;

/// <summary>
/// While it lives, the first Ctrl-C (or SIGTERM) asks the work to stop, so that it can save; a second one ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const string ShowCursor = "\e[?25h";
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM];

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private readonly TextWriter error;

    public Interruption(TextWriter error)
    {
        this.error = error;
        registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
            registration.Dispose();
        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (source.IsCancellationRequested)
        {
            if (!Console.IsErrorRedirected)
                error.Write(ShowCursor);
            return; // Not cancelled: the system's own action follows, which ends the process.
        }

        context.Cancel = true;
        source.Cancel();
        error.WriteLine("\nStopping after this step, to save it. Ctrl-C again stops at once.");
    }
}

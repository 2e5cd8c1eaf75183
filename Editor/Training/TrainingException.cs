using System;

namespace VaeProcgen.Editor.Training;

/// <summary>A training can't start or go on; the message says why and what to do, and nothing that was saved is lost.</summary>
public sealed class TrainingException : Exception
{
    public TrainingException(string message)
        : base(message)
    {
    }

    public TrainingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

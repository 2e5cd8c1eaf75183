using System;

namespace VaeProcgen.Runtime.ModelFile;

/// <summary>A file could not be read or written. The message says which file, what is wrong, where, and what to do.</summary>
public sealed class ModelFileException : Exception
{
    public ModelFileException(string message)
        : base(message) { }

    public ModelFileException(string message, Exception innerException)
        : base(message, innerException) { }
}

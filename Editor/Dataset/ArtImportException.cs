using System;

namespace VaeProcgen.Editor.Dataset;

/// <summary>An art folder that gives no usable set; the message names the folder, what was found there and what to do.</summary>
public sealed class ArtImportException : Exception
{
    public ArtImportException(string message, ImportReport? report = null) : base(message) => Report = report;

    /// <summary>What was seen in the folder, where it could be read.</summary>
    public ImportReport? Report { get; }
}

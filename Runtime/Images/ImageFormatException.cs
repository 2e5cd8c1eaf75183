using System;

namespace VaeProcgen.Runtime.Images;

/// <summary>An image file that cannot be read: the message says what was expected, what was found, and where.</summary>
public sealed class ImageFormatException : Exception
{
    public ImageFormatException(string file, string problem, Exception? inner = null) : base($"{file}: {problem}", inner)
    {
        File = file;
        Problem = problem;
    }

    /// <summary>The file's name as the caller gave it.</summary>
    public string File { get; }

    /// <summary>The message without the file's name.</summary>
    public string Problem { get; }
}

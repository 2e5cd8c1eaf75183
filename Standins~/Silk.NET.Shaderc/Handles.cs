namespace Silk.NET.Shaderc;

/// <summary>A compiler: only pointers to it are used.</summary>
public readonly struct Compiler
{
}

/// <summary>Options of a compilation: only pointers to it are used.</summary>
public readonly struct CompileOptions
{
}

/// <summary>What a compilation gave: only pointers to it are used.</summary>
public readonly struct CompilationResult
{
}

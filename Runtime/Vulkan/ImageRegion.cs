namespace VaeProcgen.Runtime.Vulkan;

/// <summary>Pixels of a buffer, RGBA8 row by row without gaps, and where in an image they belong.</summary>
/// <param name="OffsetBytes">Where the first pixel lies in the buffer; a multiple of 4.</param>
/// <param name="Layer">Of the image.</param>
/// <param name="Level">Mip level.</param>
/// <param name="X">Left edge, in pixels of the level.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public readonly record struct ImageRegion(long OffsetBytes, int Layer, int Level, int X, int Y, int Width, int Height);

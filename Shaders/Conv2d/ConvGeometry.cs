namespace VaeProcgen.Shaders;

/// <summary>How a convolution treats what lies outside the image.</summary>
public enum PaddingMode
{
    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>The opposite edge: the image is a torus, and the result tiles.</summary>
    Circular,
}

/// <summary>Kernel R = S, stride and padding of a convolution, in pixels.</summary>
/// <param name="IsAlikeEverywhere">
/// Every pixel is the same sum in the same order, wherever it lies: a shifted input gives the shifted output to the bit. Otherwise kernel 4 with
/// stride 2 and pad 1 is computed tile by tile (Include/winograd.glsl), faster, with last bits that depend on the place in the tile.
/// </param>
public readonly record struct ConvGeometry(int Kernel, int Stride, int Pad, PaddingMode Padding, bool IsAlikeEverywhere = false)
{
    /// <summary>Whether it is a filter of 2×2 taps for each parity of pixels, which Winograd's F(2, 2) computes with 9 products in place of 16.</summary>
    internal bool IsWinograd => this is { Kernel: 4, Stride: 2, Pad: 1, IsAlikeEverywhere: false };

    /// <summary>Products of each weight's 16 taps: 9 for each of four parts.</summary>
    internal const int WinogradProducts = 36;

    /// <summary>Floats that any Vulkan device can bind at a time (maxStorageBufferRange is at least 2²⁷ bytes); what is larger is computed directly.</summary>
    internal const long MostWinogradFloats = (1L << 27) / sizeof(float);

    /// <summary>P of a convolution of H: ⌊(H + 2·pad − R) / stride⌋ + 1.</summary>
    public int OutputOf(int size) => (size + 2 * Pad - Kernel) / Stride + 1;

    /// <summary>The H whose convolution is P, for the adjoint: (P − 1)·stride − 2·pad + R.</summary>
    public int InputOf(int size) => (size - 1) * Stride - 2 * Pad + Kernel;
}

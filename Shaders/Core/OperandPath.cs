namespace VaeProcgen.Shaders;

/// <summary>How kernels fetch their operands; every kernel is compiled for each (Include/operands.glsl).</summary>
public enum OperandPath
{
    /// <summary>Texel fetches and subgroup shuffles: fast where the device is a CPU.</summary>
    Texel,

    /// <summary>Storage buffers and shared memory: fast on GPUs, right at any subgroup size.</summary>
    Shared,

    /// <summary>
    /// As <see cref="Shared"/>, but products of half-precision operands (<see cref="MixedPrecision"/>) are computed by the device's matrix units
    /// (VK_KHR_cooperative_matrix).
    /// </summary>
    Matrix,
}

namespace VaeProcgen.Shaders;

/// <summary>How the products of a training are computed.</summary>
public enum Precision
{
    /// <summary>In float.</summary>
    Full,

    /// <summary>Of half-precision operands with float sums, see <see cref="MixedPrecision"/>.</summary>
    Mixed,
}

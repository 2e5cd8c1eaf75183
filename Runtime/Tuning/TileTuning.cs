using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Runtime.Tuning;

/// <summary>
/// How a device chooses among tiles that give the same bits (<see cref="Shaders.KernelSpec.Alternatives"/>). Measuring takes seconds, when a
/// program is built: it is for trainings and tools, not for a game's frame.
/// </summary>
public enum TileTuning
{
    /// <summary>The usual ones; what is remembered is not looked at.</summary>
    Off,

    /// <summary>Those that were found earlier, and the usual ones for the rest. Nothing is measured.</summary>
    Remembered,

    /// <summary>As remembered, and what is not is measured where it first comes up, and remembered.</summary>
    FirstUse,

    /// <summary>Everything is measured once more by this <see cref="GpuDevice"/>, and remembered.</summary>
    Again,
}

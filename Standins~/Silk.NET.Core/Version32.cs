using System;

namespace Silk.NET.Core;

/// <summary>A version packed as Vulkan packs it: major in bits 22 to 31, minor in 12 to 21, patch in 0 to 11.</summary>
public readonly struct Version32
{
    public Version32(uint major, uint minor, uint patch) => Value = (major << 22) | (minor << 12) | patch;
    private Version32(uint value) => Value = value;

    public uint Value { get; }
    public uint Major => Value >> 22;
    public uint Minor => (Value >> 12) & 0x3FF;
    public uint Patch => Value & 0xFFF;

    public static explicit operator Version32(uint val) => new(val);
    public static implicit operator uint(Version32 version) => version.Value;
    public static implicit operator Version32(Version version) =>
        new((uint)version.Major, (uint)version.Minor, (uint)Math.Max(version.Build, 0));
    public static implicit operator Version(Version32 version) => new((int)version.Major, (int)version.Minor, (int)version.Patch);
}

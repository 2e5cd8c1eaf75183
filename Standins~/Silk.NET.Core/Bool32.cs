using System;

namespace Silk.NET.Core;

/// <summary>A truth value of four bytes: 0 is false and every other value is true.</summary>
public readonly struct Bool32 : IEquatable<Bool32>
{
    public Bool32(uint val) => Value = val;
    public Bool32(bool val) => Value = val ? 1u : 0u;

    public uint Value { get; }

    public bool Equals(Bool32 other) => (Value != 0) == (other.Value != 0);
    public override bool Equals(object? obj) => obj is Bool32 other && Equals(other);
    public override int GetHashCode() => Value != 0 ? 1 : 0;
    public override string ToString() => (Value != 0).ToString();

    public static implicit operator bool(Bool32 val) => val.Value != 0;
    public static implicit operator uint(Bool32 val) => val.Value;
    public static implicit operator Bool32(bool val) => new(val);
    public static implicit operator Bool32(uint val) => new(val);

    public static bool operator ==(Bool32 left, Bool32 right) => left.Equals(right);
    public static bool operator ==(Bool32 left, bool right) => (bool)left == right;
    public static bool operator ==(bool left, Bool32 right) => left == (bool)right;
    public static bool operator ==(Bool32 left, uint right) => left.Value == right;
    public static bool operator ==(uint left, Bool32 right) => left == right.Value;
    public static bool operator !=(Bool32 left, Bool32 right) => !(left == right);
    public static bool operator !=(Bool32 left, bool right) => !(left == right);
    public static bool operator !=(bool left, Bool32 right) => !(left == right);
    public static bool operator !=(Bool32 left, uint right) => !(left == right);
    public static bool operator !=(uint left, Bool32 right) => !(left == right);
}

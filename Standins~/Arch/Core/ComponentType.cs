using System;
using System.Runtime.InteropServices;

namespace Arch.Core;

/// <summary>A component's number, given when it is first used, and its size in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct ComponentType : IEquatable<ComponentType>
{
    public readonly int Id;
    public readonly int ByteSize;

    public ComponentType(int id, int byteSize)
    {
        Id = id;
        ByteSize = byteSize;
    }

    public Type Type => ComponentRegistry.TypeOf(Id);

    public bool Equals(ComponentType other) => Id == other.Id;
    public override bool Equals(object? obj) => obj is ComponentType other && Equals(other);
    public override int GetHashCode() => Id;

    public static bool operator ==(ComponentType left, ComponentType right) => left.Equals(right);
    public static bool operator !=(ComponentType left, ComponentType right) => !left.Equals(right);
    public static implicit operator ComponentType(Type value) => Component.GetComponentType(value);
    public static implicit operator Type(ComponentType value) => value.Type;
}

/// <summary>The number of a component whose type is known when the program runs.</summary>
public static class Component
{
    public static ComponentType GetComponentType(Type type) => ComponentRegistry.Add(type);
}

/// <summary>The number of the component <typeparamref name="T"/>, and the signature of it alone.</summary>
public static class Component<T>
{
    public static readonly ComponentType ComponentType = ComponentRegistry.Add<T>();
    public static readonly Signature Signature = new(ComponentType);
}

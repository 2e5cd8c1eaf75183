using System;

namespace Arch.Core;

/// <summary>A set of component types.</summary>
public readonly struct Signature : IEquatable<Signature>
{
    public static readonly Signature Null = default;

    private readonly ComponentType[]? _components;
    private readonly int _hash;

    public Signature(params ComponentType[] components)
    {
        _components = (ComponentType[])components.Clone();
        Array.Sort(_components, (a, b) => a.Id.CompareTo(b.Id));
        _hash = 17;
        foreach (ComponentType component in _components)
        {
            _hash = HashCode.Combine(_hash, component.Id);
        }
    }

    public Span<ComponentType> Components => _components;
    public int Count => _components?.Length ?? 0;

    public bool Equals(Signature other) => _hash == other._hash && Components.SequenceEqual(other.Components);
    public override bool Equals(object? obj) => obj is Signature other && Equals(other);
    public override int GetHashCode() => _hash;

    public static Signature Add(Signature first, Signature second)
    {
        ComponentType[] sum = new ComponentType[first.Count + second.Count];
        first.Components.CopyTo(sum);
        int count = first.Count;
        foreach (ComponentType component in second.Components)
        {
            if (!first.Has(component))
            {
                sum[count++] = component;
            }
        }
        return new Signature(sum.AsSpan(0, count).ToArray());
    }

    public static Signature Remove(Signature first, Signature second) =>
        new(Array.FindAll(first._components ?? Array.Empty<ComponentType>(), component => !second.Has(component)));

    public static Signature operator +(Signature a, Signature b) => Add(a, b);
    public static Signature operator -(Signature a, Signature b) => Remove(a, b);
    public static bool operator ==(Signature left, Signature right) => left.Equals(right);
    public static bool operator !=(Signature left, Signature right) => !left.Equals(right);
    public static implicit operator Signature(ComponentType component) => new(component);
    public static implicit operator Signature(ComponentType[] components) => new(components);

    internal bool Has(ComponentType type) => Components.IndexOf(type) >= 0;

    internal bool HasAll(Signature other)
    {
        foreach (ComponentType component in other.Components)
        {
            if (!Has(component))
            {
                return false;
            }
        }
        return true;
    }

    internal bool HasAny(Signature other)
    {
        foreach (ComponentType component in other.Components)
        {
            if (Has(component))
            {
                return true;
            }
        }
        return false;
    }
}

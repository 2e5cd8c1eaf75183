using System;
using System.Diagnostics.CodeAnalysis;

namespace Arch.Core;

/// <summary>Which entities a query is about: those with all of, any of, none of, or exactly some components.</summary>
public struct QueryDescription : IEquatable<QueryDescription>
{
    public static readonly QueryDescription Null = default;

    private int _hash;

    public QueryDescription(Signature? all = default, Signature? any = default, Signature? none = default, Signature? exclusive = default)
    {
        All = all ?? Signature.Null;
        Any = any ?? Signature.Null;
        None = none ?? Signature.Null;
        Exclusive = exclusive ?? Signature.Null;
        _hash = 0;
        Build();
    }

    public Signature All { get; private set; }
    public Signature Any { get; private set; }
    public Signature None { get; private set; }
    public Signature Exclusive { get; private set; }

    /// <summary>Computes the hash by which a world finds the query again.</summary>
    public void Build() => _hash = HashCode.Combine(All, Any, None, Exclusive);

    [UnscopedRef]
    public ref QueryDescription WithAll<T>()
    {
        All = Component<T>.Signature;
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithAll<T0, T1>()
    {
        All = new Signature(Component<T0>.ComponentType, Component<T1>.ComponentType);
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithAll<T0, T1, T2>()
    {
        All = new Signature(Component<T0>.ComponentType, Component<T1>.ComponentType, Component<T2>.ComponentType);
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithAll<T0, T1, T2, T3>()
    {
        All = new Signature(
            Component<T0>.ComponentType, Component<T1>.ComponentType, Component<T2>.ComponentType, Component<T3>.ComponentType);
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithAny<T>()
    {
        Any = Component<T>.Signature;
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithAny<T0, T1>()
    {
        Any = new Signature(Component<T0>.ComponentType, Component<T1>.ComponentType);
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithAny<T0, T1, T2>()
    {
        Any = new Signature(Component<T0>.ComponentType, Component<T1>.ComponentType, Component<T2>.ComponentType);
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithAny<T0, T1, T2, T3>()
    {
        Any = new Signature(
            Component<T0>.ComponentType, Component<T1>.ComponentType, Component<T2>.ComponentType, Component<T3>.ComponentType);
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithNone<T>()
    {
        None = Component<T>.Signature;
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithNone<T0, T1>()
    {
        None = new Signature(Component<T0>.ComponentType, Component<T1>.ComponentType);
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithNone<T0, T1, T2>()
    {
        None = new Signature(Component<T0>.ComponentType, Component<T1>.ComponentType, Component<T2>.ComponentType);
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithNone<T0, T1, T2, T3>()
    {
        None = new Signature(
            Component<T0>.ComponentType, Component<T1>.ComponentType, Component<T2>.ComponentType, Component<T3>.ComponentType);
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithExclusive<T>()
    {
        Exclusive = Component<T>.Signature;
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithExclusive<T0, T1>()
    {
        Exclusive = new Signature(Component<T0>.ComponentType, Component<T1>.ComponentType);
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithExclusive<T0, T1, T2>()
    {
        Exclusive = new Signature(Component<T0>.ComponentType, Component<T1>.ComponentType, Component<T2>.ComponentType);
        Build();
        return ref this;
    }

    [UnscopedRef]
    public ref QueryDescription WithExclusive<T0, T1, T2, T3>()
    {
        Exclusive = new Signature(
            Component<T0>.ComponentType, Component<T1>.ComponentType, Component<T2>.ComponentType, Component<T3>.ComponentType);
        Build();
        return ref this;
    }

    public readonly bool Equals(QueryDescription other) =>
        _hash == other._hash && All == other.All && Any == other.Any && None == other.None && Exclusive == other.Exclusive;

    public override readonly bool Equals(object? obj) => obj is QueryDescription other && Equals(other);
    public override readonly int GetHashCode() => _hash;

    public static bool operator ==(QueryDescription left, QueryDescription right) => left.Equals(right);
    public static bool operator !=(QueryDescription left, QueryDescription right) => !left.Equals(right);

    internal readonly bool Matches(Signature signature) => Exclusive.Count > 0
        ? signature == Exclusive
        : signature.HasAll(All) && (Any.Count == 0 || signature.HasAny(Any)) && !signature.HasAny(None);
}

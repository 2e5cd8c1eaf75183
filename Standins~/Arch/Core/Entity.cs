using System;
using System.Runtime.InteropServices;

namespace Arch.Core;

/// <summary>A row of components: an id, which is used again after the entity is destroyed, and a version that tells them apart.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Entity : IEquatable<Entity>, IComparable<Entity>
{
    public static readonly Entity Null = new(-1, 0, -1);

    public readonly int Id;
    public readonly int WorldId;
    public readonly int Version;

    internal Entity(int id, int worldId, int version)
    {
        Id = id;
        WorldId = worldId;
        Version = version;
    }

    public bool Equals(Entity other) => Id == other.Id && WorldId == other.WorldId && Version == other.Version;
    public int CompareTo(Entity other) => Id.CompareTo(other.Id);
    public override bool Equals(object? obj) => obj is Entity other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Id, WorldId, Version);
    public override string ToString() => $"Entity {{ Id = {Id}, WorldId = {WorldId}, Version = {Version} }}";

    public static bool operator ==(Entity left, Entity right) => left.Equals(right);
    public static bool operator !=(Entity left, Entity right) => !left.Equals(right);
}

using System;

namespace Arch.Core;

/// <summary>The components of one entity. Each call throws where the entity is not alive.</summary>
public sealed partial class World
{
    public bool Has<T>(Entity entity) => Locate(entity).Archetype!.Has<T>();

    public bool Has(Entity entity, ComponentType type) => Locate(entity).Archetype!.Has(type);

    public ref T Get<T>(Entity entity)
    {
        ref Location location = ref Locate(entity);
        return ref location.Archetype!.Get<T>(location.Row);
    }

    public bool TryGet<T>(Entity entity, out T? component)
    {
        bool found = Has<T>(entity);
        component = found ? Get<T>(entity) : default;
        return found;
    }

    public void Set<T>(Entity entity, in T? component = default) => Get<T>(entity) = component!;

    public void Add<T>(Entity entity) => Add<T>(entity, default!);

    /// <exception cref="InvalidOperationException">The entity has the component already.</exception>
    public void Add<T>(Entity entity, in T component)
    {
        if (Has<T>(entity))
        {
            throw new InvalidOperationException($"{entity} has a component {typeof(T).Name} already: use Set.");
        }
        Move(entity, Locate(entity).Archetype!.Signature + Component<T>.Signature);
        Set(entity, component);
    }

    /// <exception cref="InvalidOperationException">The entity does not have the component.</exception>
    public void Remove<T>(Entity entity) => Remove(entity, Component<T>.ComponentType);

    /// <exception cref="InvalidOperationException">The entity does not have the component.</exception>
    public void Remove(Entity entity, ComponentType type)
    {
        if (!Has(entity, type))
        {
            throw new InvalidOperationException($"{entity} has no component {type.Type.Name} to remove: ask Has first.");
        }
        Move(entity, Locate(entity).Archetype!.Signature - type);
    }

    /// <summary>Moves an entity to the archetype of another signature, with the components that both have.</summary>
    private void Move(Entity entity, Signature signature)
    {
        Location from = Locate(entity);
        Archetype to = ArchetypeOf(signature);
        int row = to.Add(entity);
        from.Archetype!.CopyRow(from.Row, to, row);
        RemoveRow(from.Archetype, from.Row);
        _locations[entity.Id].Archetype = to;
        _locations[entity.Id].Row = row;
    }
}

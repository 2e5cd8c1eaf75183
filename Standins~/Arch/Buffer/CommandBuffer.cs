using System;
using System.Collections.Generic;
using Arch.Core;

namespace Arch.Buffer;

/// <summary>
/// Changes recorded during a query and made after it: in the order recorded, but destructions last. (The real one groups
/// them by kind: do not add and remove the same component of one entity in one buffer.)
/// </summary>
public sealed class CommandBuffer : IDisposable
{
    private readonly List<Command> _commands;
    private readonly List<Entity> _destroyed = new();
    private readonly List<Entity> _created = new();
    private int _createdCount;

    public CommandBuffer(int initialCapacity = 128) => _commands = new List<Command>(initialCapacity);

    /// <summary>How many commands are recorded.</summary>
    public int Size => _commands.Count + _destroyed.Count;

    /// <summary>Records a creation. The entity given stands for it in this buffer only: its id is negative.</summary>
    public Entity Create(ComponentType[] types)
    {
        ComponentType[] copy = (ComponentType[])types.Clone();
        _commands.Add(new Creation(copy));
        return new Entity(-(++_createdCount) - 1, -1, 0);
    }

    public void Destroy(in Entity entity) => _destroyed.Add(entity);

    public void Set<T>(in Entity entity, in T? component = default) => _commands.Add(new Writing<T>(entity, component!, false));

    /// <summary>Records that the entity gets the component; where it has it then, its value is set.</summary>
    public void Add<T>(in Entity entity, in T? component = default) => _commands.Add(new Writing<T>(entity, component!, true));

    public void Remove<T>(in Entity entity) => _commands.Add(new Removal<T>(entity));

    public void Playback(World world, bool dispose = true)
    {
        _created.Clear();
        foreach (Command command in _commands)
        {
            command.Play(this, world);
        }
        foreach (Entity entity in _destroyed)
        {
            world.Destroy(Resolve(entity));
        }
        if (dispose)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _commands.Clear();
        _destroyed.Clear();
        _createdCount = 0;
    }

    private Entity Resolve(Entity entity) => entity.Id < -1 ? _created[-entity.Id - 2] : entity;

    private abstract class Command
    {
        public abstract void Play(CommandBuffer buffer, World world);
    }

    private sealed class Creation : Command
    {
        private readonly ComponentType[] _types;

        public Creation(ComponentType[] types) => _types = types;

        public override void Play(CommandBuffer buffer, World world) => buffer._created.Add(world.Create(_types));
    }

    private sealed class Writing<T> : Command
    {
        private readonly Entity _entity;
        private readonly T _component;
        private readonly bool _add;

        public Writing(Entity entity, T component, bool add) => (_entity, _component, _add) = (entity, component, add);

        public override void Play(CommandBuffer buffer, World world)
        {
            Entity entity = buffer.Resolve(_entity);
            if (_add && !world.Has<T>(entity))
            {
                world.Add(entity, _component);
            }
            else
            {
                world.Set(entity, _component);
            }
        }
    }

    private sealed class Removal<T> : Command
    {
        private readonly Entity _entity;

        public Removal(Entity entity) => _entity = entity;

        public override void Play(CommandBuffer buffer, World world) => world.Remove<T>(buffer.Resolve(_entity));
    }
}

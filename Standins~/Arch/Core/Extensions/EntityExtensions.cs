namespace Arch.Core.Extensions;

/// <summary>The calls on a world as calls on an entity, which knows its world.</summary>
public static class EntityExtensions
{
    public static bool IsAlive(this in Entity entity) => WorldOf(entity)?.IsAlive(entity) ?? false;

    public static bool Has<T>(this in Entity entity) => WorldOf(entity)!.Has<T>(entity);

    public static ref T Get<T>(this in Entity entity) => ref WorldOf(entity)!.Get<T>(entity);

    public static bool TryGet<T>(this in Entity entity, out T? component) => WorldOf(entity)!.TryGet(entity, out component);

    public static void Set<T>(this in Entity entity, in T? component = default) => WorldOf(entity)!.Set(entity, component);

    public static void Add<T>(this in Entity entity, in T? component = default) => WorldOf(entity)!.Add(entity, component!);

    public static void Remove<T>(this in Entity entity) => WorldOf(entity)!.Remove<T>(entity);

    private static World? WorldOf(Entity entity) =>
        (uint)entity.WorldId < (uint)World.Worlds.Length ? World.Worlds[entity.WorldId] : null;
}

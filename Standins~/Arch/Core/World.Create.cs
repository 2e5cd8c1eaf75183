namespace Arch.Core;

/// <summary>Entities of several components at once.</summary>
public sealed partial class World
{
    public Entity Create<T0>(in T0 t0Component = default!)
    {
        Entity entity = Place(Component<T0>.Signature, out Archetype archetype, out int row);
        archetype.Get<T0>(row) = t0Component;
        return entity;
    }

    public Entity Create<T0, T1>(in T0 t0Component = default!, in T1 t1Component = default!)
    {
        Entity entity = Place(Signatures<T0, T1>.Value, out Archetype archetype, out int row);
        archetype.Get<T0>(row) = t0Component;
        archetype.Get<T1>(row) = t1Component;
        return entity;
    }

    public Entity Create<T0, T1, T2>(in T0 t0Component = default!, in T1 t1Component = default!, in T2 t2Component = default!)
    {
        Entity entity = Place(Signatures<T0, T1, T2>.Value, out Archetype archetype, out int row);
        archetype.Get<T0>(row) = t0Component;
        archetype.Get<T1>(row) = t1Component;
        archetype.Get<T2>(row) = t2Component;
        return entity;
    }

    public Entity Create<T0, T1, T2, T3>(
        in T0 t0Component = default!, in T1 t1Component = default!, in T2 t2Component = default!, in T3 t3Component = default!)
    {
        Entity entity = Place(Signatures<T0, T1, T2, T3>.Value, out Archetype archetype, out int row);
        archetype.Get<T0>(row) = t0Component;
        archetype.Get<T1>(row) = t1Component;
        archetype.Get<T2>(row) = t2Component;
        archetype.Get<T3>(row) = t3Component;
        return entity;
    }

    private static class Signatures<T0, T1>
    {
        public static readonly Signature Value = new(Component<T0>.ComponentType, Component<T1>.ComponentType);
    }

    private static class Signatures<T0, T1, T2>
    {
        public static readonly Signature Value = new(Component<T0>.ComponentType, Component<T1>.ComponentType, Component<T2>.ComponentType);
    }

    private static class Signatures<T0, T1, T2, T3>
    {
        public static readonly Signature Value =
            new(Component<T0>.ComponentType, Component<T1>.ComponentType, Component<T2>.ComponentType, Component<T3>.ComponentType);
    }
}

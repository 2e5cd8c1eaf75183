namespace Arch.Core;

/// <summary>What a query calls for each entity.</summary>
public delegate void ForEach(Entity entity);

public delegate void ForEach<T0>(ref T0 t0Component);
public delegate void ForEach<T0, T1>(ref T0 t0Component, ref T1 t1Component);
public delegate void ForEach<T0, T1, T2>(ref T0 t0Component, ref T1 t1Component, ref T2 t2Component);
public delegate void ForEach<T0, T1, T2, T3>(ref T0 t0Component, ref T1 t1Component, ref T2 t2Component, ref T3 t3Component);

public delegate void ForEachWithEntity<T0>(Entity entity, ref T0 t0Component);
public delegate void ForEachWithEntity<T0, T1>(Entity entity, ref T0 t0Component, ref T1 t1Component);
public delegate void ForEachWithEntity<T0, T1, T2>(Entity entity, ref T0 t0Component, ref T1 t1Component, ref T2 t2Component);
public delegate void ForEachWithEntity<T0, T1, T2, T3>(
    Entity entity, ref T0 t0Component, ref T1 t1Component, ref T2 t2Component, ref T3 t3Component);

/// <summary>The same as a structure, which is called without a delegate and may keep state.</summary>
public interface IForEach
{
    void Update(Entity entity);
}

public interface IForEach<T0>
{
    void Update(ref T0 t0Component);
}

public interface IForEach<T0, T1>
{
    void Update(ref T0 t0Component, ref T1 t1Component);
}

public interface IForEach<T0, T1, T2>
{
    void Update(ref T0 t0Component, ref T1 t1Component, ref T2 t2Component);
}

public interface IForEach<T0, T1, T2, T3>
{
    void Update(ref T0 t0Component, ref T1 t1Component, ref T2 t2Component, ref T3 t3Component);
}

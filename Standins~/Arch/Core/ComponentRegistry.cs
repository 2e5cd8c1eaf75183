using System;
using System.Collections.Generic;
using System.Reflection;

namespace Arch.Core;

/// <summary>Numbers the component types as they come.</summary>
public static class ComponentRegistry
{
    private static readonly List<Type> Known = new();
    private static readonly Dictionary<Type, ComponentType> Numbers = new();

    public static ComponentType Add<T>() => Add(typeof(T));

    public static ComponentType Add(Type type)
    {
        lock (Known)
        {
            if (!Numbers.TryGetValue(type, out ComponentType number))
            {
                number = new ComponentType(Known.Count, SizeOf(type));
                Known.Add(type);
                Numbers.Add(type, number);
            }
            return number;
        }
    }

    public static bool Has<T>() => Has(typeof(T));

    public static bool Has(Type type)
    {
        lock (Known)
        {
            return Numbers.ContainsKey(type);
        }
    }

    internal static Type TypeOf(int id)
    {
        lock (Known)
        {
            return Known[id];
        }
    }

    /// <summary>What one component takes in its array, in bytes.</summary>
    private static int SizeOf(Type type)
    {
        if (!type.IsValueType)
        {
            return IntPtr.Size;
        }
        MethodInfo stride = typeof(ComponentRegistry).GetMethod(nameof(Stride), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (int)stride.MakeGenericMethod(type).Invoke(null, null)!;
    }

    private static unsafe int Stride<T>()
    {
#pragma warning disable CS8500 // A component may hold references; only its size is asked for.
        return sizeof(T);
#pragma warning restore CS8500
    }
}

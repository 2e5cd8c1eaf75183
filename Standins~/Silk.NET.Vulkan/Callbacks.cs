using System;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Silk.NET.Vulkan;

/// <summary>Keeps the delegates that native code may call from being collected.</summary>
internal static unsafe class Callbacks
{
    private static readonly ConcurrentDictionary<nint, Delegate> Held = new();

    public static void* Pin(Delegate callback)
    {
        nint pointer = Marshal.GetFunctionPointerForDelegate(callback);
        Held[pointer] = callback;
        return (void*)pointer;
    }

    public static void Release(void* pointer) => Held.TryRemove((nint)pointer, out _);
}

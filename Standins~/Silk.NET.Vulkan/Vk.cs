using System;
using System.Runtime.InteropServices;
using Silk.NET.Core;
using Silk.NET.Core.Contexts;
using Silk.NET.Core.Native;

namespace Silk.NET.Vulkan;

/// <summary>The Vulkan API. The commands themselves are in the generated files.</summary>
public unsafe partial class Vk : NativeAPI
{
    private nint _getInstanceProcAddr;

    public Vk(INativeContext ctx) : base(ctx)
    {
    }

    /// <summary>Where set, commands that the loader does not export are asked of this instance.</summary>
    public Instance? CurrentInstance { get; set; }

    public Device? CurrentDevice { get; set; }

    public static Version32 Version10 => MakeVersion(1, 0);
    public static Version32 Version11 => MakeVersion(1, 1);
    public static Version32 Version12 => MakeVersion(1, 2);
    public static Version32 Version13 => MakeVersion(1, 3);

    public static Version32 MakeVersion(uint major, uint minor, uint patch = 0) => new(major, minor, patch);

    /// <exception cref="System.IO.FileNotFoundException">The machine has no Vulkan loader.</exception>
    public static Vk GetApi()
    {
        MultiNativeContext context = new(CreateDefaultContext(LoaderNames()), null);
        Vk vk = new(context);
        context.Contexts[1] = new LamdaNativeContext(name => vk.CurrentInstance is { } instance ? vk.Find(instance, name) : 0);
        return vk;
    }

    public static INativeContext CreateDefaultContext(string[] n) => new DefaultNativeContext(n);

    public bool IsInstanceExtensionPresent(string extension, string? layer = default)
    {
        nint name = SilkMarshal.StringToPtr(layer);
        try
        {
            uint count = 0;
            EnumerateInstanceExtensionProperties((byte*)name, &count, null);
            ExtensionProperties[] found = new ExtensionProperties[count];
            fixed (ExtensionProperties* first = found)
            {
                EnumerateInstanceExtensionProperties((byte*)name, &count, first);
            }
            return Contains(found, extension);
        }
        finally
        {
            SilkMarshal.Free(name);
        }
    }

    public bool IsDeviceExtensionPresent(PhysicalDevice device, string extension, string? layer = default)
    {
        nint name = SilkMarshal.StringToPtr(layer);
        try
        {
            uint count = 0;
            EnumerateDeviceExtensionProperties(device, (byte*)name, &count, null);
            ExtensionProperties[] found = new ExtensionProperties[count];
            fixed (ExtensionProperties* first = found)
            {
                EnumerateDeviceExtensionProperties(device, (byte*)name, &count, first);
            }
            return Contains(found, extension);
        }
        finally
        {
            SilkMarshal.Free(name);
        }
    }

    /// <summary>The commands of an instance extension; false where the loader does not know the extension.</summary>
    public bool TryGetInstanceExtension<T>(Instance instance, out T ext, string? layer = default) where T : NativeExtension<Vk>
    {
        bool present = IsInstanceExtensionPresent(ExtensionName(typeof(T)), layer);
        ext = present ? Create<T>(instance) : null!;
        return present;
    }

    /// <summary>The commands of a device extension; false where no device of the instance has the extension.</summary>
    public bool TryGetDeviceExtension<T>(Instance instance, Device device, out T ext, string? layer = default)
        where T : NativeExtension<Vk>
    {
        bool present = IsDeviceExtensionPresent(instance, ExtensionName(typeof(T)), layer);
        ext = present ? Create<T>(instance) : null!;
        return present;
    }

    public bool IsDeviceExtensionPresent(Instance instance, string extension, string? layer = default)
    {
        uint count = 0;
        EnumeratePhysicalDevices(instance, &count, null);
        PhysicalDevice[] devices = new PhysicalDevice[count];
        fixed (PhysicalDevice* first = devices)
        {
            EnumeratePhysicalDevices(instance, &count, first);
        }
        return Array.Exists(devices, device => IsDeviceExtensionPresent(device, extension, layer));
    }

    private T Create<T>(Instance instance) where T : NativeExtension<Vk> =>
        (T)Activator.CreateInstance(typeof(T), new LamdaNativeContext(name => Find(instance, name)))!;

    private nint Find(Instance instance, string name)
    {
        nint text = SilkMarshal.StringToPtr(name);
        try
        {
            return ((delegate* unmanaged[Cdecl]<Instance, byte*, nint>)Load(ref _getInstanceProcAddr, "vkGetInstanceProcAddr"))(
                instance, (byte*)text);
        }
        finally
        {
            SilkMarshal.Free(text);
        }
    }

    private static string ExtensionName(Type type) => (string)type.GetField("ExtensionName")!.GetRawConstantValue()!;

    private static bool Contains(ExtensionProperties[] properties, string extension) =>
        Array.Exists(properties, p => SilkMarshal.PtrToString((nint)p.ExtensionName) == extension);

    private static string[] LoaderNames() =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? new[] { "vulkan-1.dll" }
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? new[] { "libvulkan.1.dylib", "libMoltenVK.dylib" }
        : new[] { "libvulkan.so.1", "libvulkan.so" };
}

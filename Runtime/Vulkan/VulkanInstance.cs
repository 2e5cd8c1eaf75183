using System;
using System.Collections.Generic;
using System.IO;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;
using Silk.NET.Vulkan.Extensions.EXT;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>The loaded Vulkan library and one instance of it, with the validation layer on wish.</summary>
internal sealed unsafe class VulkanInstance : IDisposable
{
    private const string ValidationLayer = "VK_LAYER_KHRONOS_validation";
    private const string ValidationFeatures = "VK_EXT_validation_features";

    private readonly bool owned;
    private bool disposed;

    private VulkanInstance(Vk api, Instance handle, ValidationMessenger? messenger, bool owned = true)
    {
        (Api, Handle, Messenger, this.owned) = (api, handle, messenger, owned);
    }

    public Vk Api { get; }

    public Instance Handle { get; }

    /// <summary>Null without validation.</summary>
    public ValidationMessenger? Messenger { get; }

    /// <exception cref="NoVulkanDeviceException">There is no loader library, or it finds no driver.</exception>
    /// <exception cref="GpuException">The loader is older than Vulkan 1.2, or the validation layer is wanted and absent.</exception>
    public static VulkanInstance Create(bool validation, Action<string>? onMessage = null)
    {
        var api = LoadApi();
        RequireVersion(api);
        if (!validation)
        {
            return new VulkanInstance(api, CreateHandle(api, Array.Empty<string>(), Array.Empty<string>(), null), null);
        }

        RequireValidationLayer(api);
        var messenger = new ValidationMessenger(onMessage);
        var instance = new VulkanInstance(api, CreateValidatedHandle(api, messenger), messenger);
        try
        {
            messenger.Attach(api, instance.Handle);
            return instance;
        }
        catch
        {
            instance.Dispose();
            throw;
        }
    }

    /// <summary>Borrows a host engine's instance, which outlives this.</summary>
    public static VulkanInstance Join(Instance handle)
    {
        var api = LoadApi();
        api.CurrentInstance = handle;
        return new VulkanInstance(api, handle, null, owned: false);
    }

    public void Dispose()
    {
        if (disposed || !owned)
        {
            return;
        }

        disposed = true;
        Messenger?.Detach();
        Api.DestroyInstance(Handle, null);
        Messenger?.Dispose();
    }

    private static Vk LoadApi()
    {
        try
        {
            return Vk.GetApi();
        }
        catch (Exception cause) when (cause is FileNotFoundException or DllNotFoundException or PlatformNotSupportedException)
        {
            throw new NoVulkanDeviceException("There is no Vulkan loader library on this machine.", cause);
        }
    }

    private static void RequireVersion(Vk api)
    {
        uint version;
        VulkanResult.Check(api.EnumerateInstanceVersion(&version), "vkEnumerateInstanceVersion", "the Vulkan loader");
        if (version < GpuDeviceInfo.RequiredApiVersion)
        {
            throw new GpuException(
                $"The Vulkan loader is version {GpuDeviceInfo.VersionText(version)}; "
                + $"{GpuDeviceInfo.VersionText(GpuDeviceInfo.RequiredApiVersion)} or newer is needed: update it (Debian: libvulkan1).");
        }
    }

    private static Instance CreateValidatedHandle(Vk api, ValidationMessenger messenger)
    {
        var info = messenger.CreateInfo;
        var feature = ValidationFeatureEnableEXT.SynchronizationValidationExt;
        var features = new ValidationFeaturesEXT
        {
            SType = StructureType.ValidationFeaturesExt,
            PNext = &info,
            EnabledValidationFeatureCount = 1,
            PEnabledValidationFeatures = &feature,
        };
        try
        {
            return CreateHandle(api, new[] { ValidationLayer }, new[] { ExtDebugUtils.ExtensionName, ValidationFeatures }, &features);
        }
        catch
        {
            messenger.Dispose();
            throw;
        }
    }

    private static Instance CreateHandle(Vk api, IReadOnlyList<string> layers, IReadOnlyList<string> extensions, void* next)
    {
        var layerNames = SilkMarshal.StringArrayToPtr(layers);
        var extensionNames = SilkMarshal.StringArrayToPtr(extensions);
        var name = SilkMarshal.StringToPtr("VaeProcgen");
        try
        {
            var application = new ApplicationInfo
            {
                SType = StructureType.ApplicationInfo,
                PApplicationName = (byte*)name,
                PEngineName = (byte*)name,
                ApiVersion = Vk.Version13, // of what is used where a device has it; that it must have is GpuDeviceInfo.RequiredApiVersion
            };
            var info = new InstanceCreateInfo
            {
                SType = StructureType.InstanceCreateInfo,
                PNext = next,
                PApplicationInfo = &application,
                EnabledLayerCount = (uint)layers.Count,
                PpEnabledLayerNames = (byte**)layerNames,
                EnabledExtensionCount = (uint)extensions.Count,
                PpEnabledExtensionNames = (byte**)extensionNames,
            };
            Instance instance;
            var result = api.CreateInstance(&info, null, &instance);
            if (result == Result.ErrorIncompatibleDriver)
            {
                throw new NoVulkanDeviceException("The Vulkan loader found no driver.");
            }

            VulkanResult.Check(result, "vkCreateInstance", "the Vulkan instance");
            api.CurrentInstance = instance;
            return instance;
        }
        finally
        {
            SilkMarshal.Free(name);
            SilkMarshal.Free(extensionNames);
            SilkMarshal.Free(layerNames);
        }
    }

    private static void RequireValidationLayer(Vk api)
    {
        uint count = 0;
        VulkanResult.Check(
            api.EnumerateInstanceLayerProperties(&count, null), "vkEnumerateInstanceLayerProperties", "the Vulkan loader");
        var layers = new LayerProperties[count];
        fixed (LayerProperties* first = layers)
        {
            VulkanResult.Check(
                api.EnumerateInstanceLayerProperties(&count, first), "vkEnumerateInstanceLayerProperties", "the Vulkan loader");
            for (var i = 0; i < count; i++)
            {
                if (SilkMarshal.PtrToString((nint)first[i].LayerName) == ValidationLayer)
                {
                    return;
                }
            }
        }

        throw new GpuException(
            $"Validation was asked for (GpuDeviceOptions.Validation or VAEPROCGEN_VALIDATION=1), but the loader finds no "
            + $"{ValidationLayer}. Install it; on Debian: apt-get install vulkan-validationlayers.");
    }
}

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;
using Silk.NET.Vulkan.Extensions.EXT;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>Collects what the validation layer says, and gives Vulkan objects the names that it says it with.</summary>
internal sealed unsafe class ValidationMessenger : IDisposable
{
    private const int MaxMessages = 1000;

    private readonly ConcurrentQueue<string> messages = new();
    private readonly Action<string>? onMessage;
    private readonly DebugUtilsMessengerCallbackFunctionEXT callback;
    private PfnDebugUtilsMessengerCallbackEXT nativeCallback;
    private ExtDebugUtils? debugUtils;
    private Instance instance;
    private DebugUtilsMessengerEXT handle;

    /// <param name="onMessage">Called with each message, from whichever thread called Vulkan.</param>
    public ValidationMessenger(Action<string>? onMessage)
    {
        this.onMessage = onMessage;
        // The field keeps the delegate alive for as long as native code may call it.
        callback = Receive;
        nativeCallback = new PfnDebugUtilsMessengerCallbackEXT(callback);
    }

    public IReadOnlyList<string> Messages => messages.ToArray();

    /// <summary>What to hang on the instance's PNext (for messages of its creation and destruction) and to attach with.</summary>
    public DebugUtilsMessengerCreateInfoEXT CreateInfo => new()
    {
        SType = StructureType.DebugUtilsMessengerCreateInfoExt,
        MessageSeverity = DebugUtilsMessageSeverityFlagsEXT.WarningBitExt | DebugUtilsMessageSeverityFlagsEXT.ErrorBitExt,
        // General messages come from the loader: a driver without its hardware is no fault of ours.
        MessageType = DebugUtilsMessageTypeFlagsEXT.ValidationBitExt | DebugUtilsMessageTypeFlagsEXT.PerformanceBitExt,
        PfnUserCallback = nativeCallback,
    };

    public void Attach(Vk api, Instance toInstance)
    {
        if (!api.TryGetInstanceExtension(toInstance, out ExtDebugUtils extension))
        {
            throw new GpuException($"The Vulkan loader lacks {ExtDebugUtils.ExtensionName}, which validation needs: update the loader.");
        }

        var info = CreateInfo;
        DebugUtilsMessengerEXT created;
        VulkanResult.Check(
            extension.CreateDebugUtilsMessenger(toInstance, &info, null, &created), "vkCreateDebugUtilsMessengerEXT", "validation");
        (debugUtils, instance, handle) = (extension, toInstance, created);
    }

    public void Name(Device device, ObjectType type, ulong objectHandle, string name)
    {
        var text = SilkMarshal.StringToPtr(name);
        var info = new DebugUtilsObjectNameInfoEXT
        {
            SType = StructureType.DebugUtilsObjectNameInfoExt,
            ObjectType = type,
            ObjectHandle = objectHandle,
            PObjectName = (byte*)text,
        };
        var result = debugUtils!.SetDebugUtilsObjectName(device, &info);
        SilkMarshal.Free(text);
        VulkanResult.Check(result, "vkSetDebugUtilsObjectNameEXT", name);
    }

    /// <summary>Ends messages, except those of the instance's destruction; call before it.</summary>
    public void Detach()
    {
        debugUtils?.DestroyDebugUtilsMessenger(instance, handle, null);
        debugUtils = null;
    }

    /// <summary>Frees the native callback; call when the instance is gone. The messages stay.</summary>
    public void Dispose() => nativeCallback.Dispose();

    private uint Receive(
        DebugUtilsMessageSeverityFlagsEXT severity,
        DebugUtilsMessageTypeFlagsEXT types,
        DebugUtilsMessengerCallbackDataEXT* data,
        void* userData)
    {
        if (messages.Count < MaxMessages)
        {
            string text = SilkMarshal.PtrToString((nint)data->PMessage) ?? "(no text)";
            // Newer layers no longer put the message's name, which one looks it up by, into its text.
            string? name = SilkMarshal.PtrToString((nint)data->PMessageIdName);
            string message = string.IsNullOrEmpty(name) || text.Contains(name) ? text : $"{name}: {text}";
            messages.Enqueue(message);
            onMessage?.Invoke(message);
        }

        // False: the call that the message is about goes on.
        return Vk.False;
    }
}

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Silk.NET.Core.Native;
using Silk.NET.Vulkan;
using Silk.NET.Vulkan.Extensions.EXT;

namespace JoinEngine;

/// <summary>What the validation layer has to say of the engine and of all who use its device.</summary>
internal sealed unsafe class Validation : IDisposable
{
    public const string Layer = "VK_LAYER_KHRONOS_validation";
    public const string Features = "VK_EXT_validation_features";

    private readonly ConcurrentQueue<string> messages = new();
    private readonly DebugUtilsMessengerCallbackFunctionEXT callback;
    private PfnDebugUtilsMessengerCallbackEXT nativeCallback;
    private ExtDebugUtils? debugUtils;
    private DebugUtilsMessengerEXT messenger;

    public Validation()
    {
        callback = Receive;
        nativeCallback = new PfnDebugUtilsMessengerCallbackEXT(callback);
    }

    public IReadOnlyCollection<string> Messages => messages;

    /// <summary>For the instance's PNext and for <see cref="Attach"/>.</summary>
    public DebugUtilsMessengerCreateInfoEXT CreateInfo => new()
    {
        SType = StructureType.DebugUtilsMessengerCreateInfoExt,
        MessageSeverity = DebugUtilsMessageSeverityFlagsEXT.WarningBitExt | DebugUtilsMessageSeverityFlagsEXT.ErrorBitExt,
        MessageType = DebugUtilsMessageTypeFlagsEXT.ValidationBitExt | DebugUtilsMessageTypeFlagsEXT.PerformanceBitExt,
        PfnUserCallback = nativeCallback,
    };

    public void Attach(Vk api, Instance instance)
    {
        if (!api.TryGetInstanceExtension(instance, out ExtDebugUtils extension))
        {
            throw new InvalidOperationException(
                $"The Vulkan loader lacks {ExtDebugUtils.ExtensionName}: update it, or leave out --validation.");
        }

        var info = CreateInfo;
        DebugUtilsMessengerEXT created;
        Engine.Check(extension.CreateDebugUtilsMessenger(instance, &info, null, &created), "vkCreateDebugUtilsMessengerEXT");
        (debugUtils, messenger) = (extension, created);
    }

    /// <summary>Call before the instance is destroyed.</summary>
    public void Detach(Instance instance) => debugUtils?.DestroyDebugUtilsMessenger(instance, messenger, null);

    /// <summary>Call after the instance was destroyed: that, too, may give messages.</summary>
    public void Dispose() => nativeCallback.Dispose();

    private uint Receive(
        DebugUtilsMessageSeverityFlagsEXT severity,
        DebugUtilsMessageTypeFlagsEXT types,
        DebugUtilsMessengerCallbackDataEXT* data,
        void* userData)
    {
        messages.Enqueue(SilkMarshal.PtrToString((nint)data->PMessage) ?? "(no text)");
        return Vk.False;
    }
}

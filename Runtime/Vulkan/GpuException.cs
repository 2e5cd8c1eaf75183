using System;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>A Vulkan call that failed, or a device that cannot do what was asked.</summary>
public class GpuException : Exception
{
    /// <summary>An error that no Vulkan call reported.</summary>
    public GpuException(string message)
        : base(message)
    {
    }

    /// <summary>An error that a Vulkan call reported.</summary>
    public GpuException(string message, int resultCode, string call, string resource)
        : base(message)
    {
        ResultCode = resultCode;
        Call = call;
        Resource = resource;
    }

    /// <summary>An error that another one caused.</summary>
    public GpuException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>The VkResult; 0 when no call reported the error.</summary>
    public int ResultCode { get; }

    /// <summary>The Vulkan function that failed; empty when none did.</summary>
    public string Call { get; } = "";

    /// <summary>The buffer, pipeline, command list or device that the call was for; empty when none was.</summary>
    public string Resource { get; } = "";
}

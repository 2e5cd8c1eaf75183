using System;
using VaeProcgen.Runtime.Vulkan;

/// <summary>What the children of MissingVulkanTests run: .NET calls Initialize before Main, which in a test assembly is not ours.</summary>
internal static class StartupHook
{
    public const string Switch = "VAEPROCGEN_TESTS_OPEN_DEVICE";

    /// <summary>Opens a device and prints its name, or the error.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Switch) != "1")
        {
            return;
        }

        try
        {
            using var device = GpuDevice.Create();
            Console.WriteLine(device.Info);
        }
        catch (GpuException error)
        {
            Console.WriteLine($"{error.GetType().Name}: {error.Message}");
        }

        Environment.Exit(0);
    }
}

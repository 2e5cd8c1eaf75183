using System;
using System.Diagnostics;
using System.IO;
using System.Reflection;
using NUnit.Framework;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Tests.Vulkan;

/// <summary>What a machine without Vulkan says, seen from a child process whose environment hides the driver or the loader.</summary>
[Platform("Linux")]
public sealed class MissingVulkanTests
{
    [Test]
    public void NoDriverNamesWhatToInstall()
    {
        var nowhere = Path.Combine(Path.GetTempPath(), "no-such-driver.json");
        AssertNamesWhatToInstall(OpenDeviceInChild(("VK_DRIVER_FILES", nowhere), ("VK_ICD_FILENAMES", nowhere)), "no driver");
    }

    [Test]
    public void NoLoaderNamesWhatToInstall()
    {
        // A library that cannot be loaded, found before the system's.
        var folder = Directory.CreateTempSubdirectory("vaeprocgen-");
        try
        {
            foreach (var name in new[] { "libvulkan.so.1", "libvulkan.so" })
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), "");
            }

            AssertNamesWhatToInstall(OpenDeviceInChild(("LD_LIBRARY_PATH", folder.FullName)), "no Vulkan loader");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void WithoutTheLayerValidationNamesWhatToInstall()
    {
        var nowhere = Path.Combine(Path.GetTempPath(), "no-such-layers");
        var said = OpenDeviceInChild(("VK_LAYER_PATH", nowhere), ("VAEPROCGEN_VALIDATION", "1"));
        Assert.That(said, Does.StartWith(nameof(GpuException)).And.Contain("apt-get install vulkan-validationlayers"));
    }

    private static void AssertNamesWhatToInstall(string said, string cause) => Assert.That(
        said,
        Does.StartWith(nameof(NoVulkanDeviceException)).And.Contain(cause).And.Contain("apt-get install libvulkan1 mesa-vulkan-drivers"));

    private static string OpenDeviceInChild(params (string Name, string Value)[] environment)
    {
        var assembly = Assembly.GetExecutingAssembly().Location;
        var start = new ProcessStartInfo("dotnet", ["exec", assembly]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
        start.Environment[StartupHook.Switch] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var child = Process.Start(start)!;
        var said = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return said;
    }
}

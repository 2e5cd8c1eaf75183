using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Support.Gpu;

/// <summary>Tests that run on a device, once for each operand path; any message of the validation layer fails the test.</summary>
[TestFixtureSource(typeof(GpuTestDevice), nameof(GpuTestDevice.Paths))]
public abstract class GpuTest(OperandPath path)
{
    private int messagesBefore;

    protected GpuDevice Device => GpuTestDevice.For(path);

    [SetUp]
    public void CountMessages() => messagesBefore = Device.ValidationMessages.Count;

    [TearDown]
    public void RequireNoNewMessages()
    {
        Device.WaitIdle();
        Assert.That(Device.ValidationMessages.Skip(messagesBefore), Is.Empty, $"messages of the validation layer, {path} path");
    }
}

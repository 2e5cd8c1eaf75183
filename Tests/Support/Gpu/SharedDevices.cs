using NUnit.Framework;
using VaeProcgen.Tests.Support.Gpu;

// This namespace and not that of the folder: a set-up fixture serves the tests in and below its own.
namespace VaeProcgen.Tests;

/// <summary>Closes the shared devices when all tests have run.</summary>
[SetUpFixture]
public sealed class SharedDevices
{
    [OneTimeTearDown]
    public void Close() => GpuTestDevice.Close();
}

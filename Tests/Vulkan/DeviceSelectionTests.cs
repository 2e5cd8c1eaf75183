using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Tuning;
using VaeProcgen.Runtime.Vulkan;
using VaeProcgen.Shaders;

namespace VaeProcgen.Tests.Vulkan;

public sealed class DeviceSelectionTests
{
    private const uint Vulkan11 = (1u << 22) | (1u << 12);

    [TestCase("cpu", "virtual", "integrated", "discrete", ExpectedResult = 3)]
    [TestCase("cpu", "integrated", "virtual", ExpectedResult = 1)]
    [TestCase("other", "cpu", "virtual", ExpectedResult = 2)]
    [TestCase("other", "cpu", ExpectedResult = 1)]
    [TestCase("cpu", "discrete", "discrete", ExpectedResult = 1)]
    public int TheBestTypeIsChosen(params string[] types) =>
        DeviceSelection.Choose(types.Select((type, i) => Device(i, type)).ToArray(), null).Index;

    [TestCase("1", ExpectedResult = 1)]
    [TestCase("quick", ExpectedResult = 2)]
    [TestCase(" PIXEL ", ExpectedResult = 0)]
    [TestCase("3000", ExpectedResult = 2)]
    [TestCase("", ExpectedResult = 2)]
    public int AWishIsAnIndexOrAPartOfTheName(string wanted) => DeviceSelection.Choose(
        [Device(0, "cpu", "Soft Pixel"), Device(1, "cpu", "Other Soft"), Device(2, "discrete", "Quick 3000")], wanted).Index;

    [Test]
    public void AnUnknownWishListsTheDevices()
    {
        var error = Assert.Throws<GpuException>(() => DeviceSelection.Choose([Device(0, "cpu", "Soft Pixel")], "1"));
        Assert.That(error!.Message, Does.Contain("'1'").And.Contain("0: Soft Pixel").And.Contain("VAEPROCGEN_DEVICE"));
    }

    [Test]
    public void NoDeviceNamesWhatToInstall()
    {
        var error = Assert.Throws<NoVulkanDeviceException>(() => DeviceSelection.Choose([], "anything"));
        Assert.That(error!.Message, Does.Contain("apt-get install libvulkan1 mesa-vulkan-drivers"));
    }

    [Test]
    public void DevicesOlderThanVulkan12ArePassedOver()
    {
        var old = Device(0, "discrete", "Old") with { ApiVersion = Vulkan11 };
        var blind = Device(1, "discrete", "Blind") with { HasComputeQueue = false };
        Assert.That(DeviceSelection.Choose([old, blind, Device(2, "cpu")], null).Index, Is.EqualTo(2));
        var error = Assert.Throws<GpuException>(() => DeviceSelection.Choose([old, blind, Device(2, "cpu")], "old"));
        Assert.That(error!.Message, Does.Contain("1.2.0").And.Contain("Vulkan 1.1.0"));
    }

    [TestCase("cpu", 8u, true, null, ExpectedResult = OperandPath.Texel)]
    [TestCase("cpu", 4u, true, null, ExpectedResult = OperandPath.Shared)]
    [TestCase("cpu", 8u, false, null, ExpectedResult = OperandPath.Shared)]
    [TestCase("discrete", 32u, true, null, ExpectedResult = OperandPath.Shared)]
    [TestCase("discrete", 32u, true, OperandPath.Texel, ExpectedResult = OperandPath.Texel)]
    [TestCase("cpu", 8u, true, OperandPath.Shared, ExpectedResult = OperandPath.Shared)]
    public OperandPath ThePathFollowsTheDevice(string type, uint subgroup, bool shuffle, OperandPath? wanted) =>
        DeviceSelection.ChoosePath(Device(0, type) with { SubgroupSize = subgroup, SubgroupShuffle = shuffle }, wanted);

    [TestCase(4u, true)]
    [TestCase(8u, false)]
    public void ATexelPathThatCannotWorkIsRefused(uint subgroup, bool shuffle)
    {
        var device = Device(0, "cpu") with { SubgroupSize = subgroup, SubgroupShuffle = shuffle };
        var error = Assert.Throws<GpuException>(() => DeviceSelection.ChoosePath(device, OperandPath.Texel));
        Assert.That(error!.Message, Does.Contain("VAEPROCGEN_PATH=shared"));
    }

    [TestCase(null, ExpectedResult = null)]
    [TestCase(" ", ExpectedResult = null)]
    [TestCase("Texel", ExpectedResult = OperandPath.Texel)]
    [TestCase("shared", ExpectedResult = OperandPath.Shared)]
    public OperandPath? AVariableNamesAPath(string? text) => DeviceSelection.ParsePath(text);

    [TestCase(null, ExpectedResult = null)]
    [TestCase("", ExpectedResult = null)]
    [TestCase("off", ExpectedResult = TileTuning.Off)]
    [TestCase("remembered", ExpectedResult = TileTuning.Remembered)]
    [TestCase(" First-use", ExpectedResult = TileTuning.FirstUse)]
    [TestCase("again", ExpectedResult = TileTuning.Again)]
    public TileTuning? AVariableSaysHowTilesAreChosen(string? text) => DeviceSelection.ParseTuning(text);

    private static GpuDeviceInfo Device(int index, string type, string name = "device") => new(
        index, name, type, "driver", GpuDeviceInfo.RequiredApiVersion, 1, 2, 3, 1 << 30, 8, true, true);
}

using System;
using System.Linq;
using Silk.NET.Vulkan;
using Silk.NET.Vulkan.Extensions.KHR;

namespace VaeProcgen.Runtime.Vulkan;

/// <summary>
/// The matrices that a device multiplies at a time (VK_KHR_cooperative_matrix): M×K times K×N, of half-precision numbers, added to M×N floats, by the
/// invocations of a subgroup together.
/// </summary>
public readonly record struct MatrixShape(int M, int N, int K)
{
    // Tiles are of 32 or 64 rows and columns, 16 steps of the sum at a time (Include/tile_matrix.glsl).
    private const int MostSide = 32;
    private const int MostSteps = 16;

    // Of a tile of 64 × 64: two operands of 16 steps in half precision, and the sums; rows are 8, 8 and 4 numbers longer. Vulkan grants 16 KiB.
    private const uint SharedMemoryBytes = (2 * 16 * (64 + 8) * 2) + (64 * (64 + 4) * 4);

    public override string ToString() => $"{M}×{N}×{K}";

    /// <summary>The largest that fit the tiles; null where the device has none, or not what they need beside.</summary>
    internal static unsafe MatrixShape? Read(Vk api, PhysicalDevice device, in PhysicalDeviceProperties properties)
    {
        if (properties.ApiVersion < Vk.Version13 || properties.Limits.MaxComputeSharedMemorySize < SharedMemoryBytes
            || !api.IsDeviceExtensionPresent(device, KhrCooperativeMatrix.ExtensionName))
        {
            return null;
        }

        var matrices = new PhysicalDeviceCooperativeMatrixFeaturesKHR { SType = StructureType.PhysicalDeviceCooperativeMatrixFeaturesKhr };
        var core12 = new PhysicalDeviceVulkan12Features { SType = StructureType.PhysicalDeviceVulkan12Features, PNext = &matrices };
        var core13 = new PhysicalDeviceVulkan13Features { SType = StructureType.PhysicalDeviceVulkan13Features, PNext = &core12 };
        var features = new PhysicalDeviceFeatures2 { SType = StructureType.PhysicalDeviceFeatures2, PNext = &core13 };
        api.GetPhysicalDeviceFeatures2(device, &features);
        if (!matrices.CooperativeMatrix || !core12.ShaderFloat16 || !core12.VulkanMemoryModel || !core13.ComputeFullSubgroups)
        {
            return null;
        }

        var extension = new KhrCooperativeMatrix(api.Context);
        uint count = 0;
        VulkanResult.Check(
            extension.GetPhysicalDeviceCooperativeMatrixProperties(device, &count, null), "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR", "the device");
        var all = new CooperativeMatrixPropertiesKHR[count];
        Array.Fill(all, new CooperativeMatrixPropertiesKHR { SType = StructureType.CooperativeMatrixPropertiesKhr });
        fixed (CooperativeMatrixPropertiesKHR* first = all)
        {
            VulkanResult.Check(
                extension.GetPhysicalDeviceCooperativeMatrixProperties(device, &count, first), "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR", "the device");
        }

        return all
            .Where(p => p.AType == ComponentTypeKHR.Float16Khr && p.BType == ComponentTypeKHR.Float16Khr && p.CType == ComponentTypeKHR.Float32Khr
                && p.ResultType == ComponentTypeKHR.Float32Khr && p.Scope == ScopeKHR.SubgroupKhr)
            .Select(p => new MatrixShape((int)p.MSize, (int)p.NSize, (int)p.KSize))
            .Where(s => MostSide % s.M == 0 && MostSide % s.N == 0 && MostSteps % s.K == 0)
            .OrderByDescending(s => s.M * s.N * s.K)
            .Select(s => (MatrixShape?)s)
            .FirstOrDefault();
    }
}

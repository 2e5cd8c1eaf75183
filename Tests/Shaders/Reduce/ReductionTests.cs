using NUnit.Framework;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

/// <summary>
/// Sums over pixels as the gradients of a linear layer have them: dBias is a column sum, dWeight a sum of partials. See
/// <see cref="LikelihoodTests"/> and <see cref="GaussianKlTests"/> for sums over everything.
/// </summary>
public sealed class ReductionTests(OperandPath path) : GpuTest(path)
{
    [TestCase(1, 13)]
    [TestCase(3, 13)]
    [TestCase(13, 13)]
    [TestCase(127, 13)]
    [TestCase(4099, 13)]
    [TestCase(127, 127, Description = "several groups of columns")]
    public void SumsOverRows(int rows, int columns) =>
        LinearMap.Of(new LinearReference.Geometry(rows, 3, columns))
            .Check(Device, Activation.None, (parameters, x) => new Linear("linear", parameters, x, columns));
}

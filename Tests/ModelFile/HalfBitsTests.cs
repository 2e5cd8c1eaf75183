using System;
using NUnit.Framework;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Tests.ModelFile;

[TestFixture]
public sealed class HalfBitsTests
{
    [Test]
    public void EveryHalfWidensExactly()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            float actual = HalfBits.ToSingle((ushort)bits);
            bool same = float.IsNaN(expected)
                ? float.IsNaN(actual)
                : BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual);
            Assert.That(same, $"0x{bits:X4}: {expected}, {actual}");
        }
    }

    [Test]
    public void EveryHalfSurvivesTheRoundTrip()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            ushort back = HalfBits.FromSingle(HalfBits.ToSingle((ushort)bits));
            bool nan = (bits & 0x7FFF) > 0x7C00;
            Assert.That(nan ? back | 0x200 : back, Is.EqualTo(nan ? bits | 0x200 : bits), $"0x{bits:X4}");
        }
    }

    /// <summary>
    /// Rounding can only go wrong next to a half or next to the midpoint of two: each of those, and its neighbours, of either sign. The
    /// rest of the floats is walked in strides that are coprime to every field.
    /// </summary>
    [Test]
    public void SinglesRoundAsSystemHalfDoes()
    {
        for (int bits = 0; bits <= 0x7C00; bits++)
        {
            float value = HalfBits.ToSingle((ushort)bits);
            float next = bits >= 0x7BFF ? 65536 : HalfBits.ToSingle((ushort)(bits + 1));
            CheckAround(value);
            CheckAround(value + ((next - value) / 2));
        }
        for (long bits = 0; bits <= uint.MaxValue; bits += 4099)
        {
            Check(BitConverter.Int32BitsToSingle((int)bits));
        }
    }

    [TestCase(65504f, 0x7BFF)]
    [TestCase(65519.996f, 0x7BFF)]
    [TestCase(65520f, 0x7C00)]
    [TestCase(-65520f, 0xFC00)]
    [TestCase(float.PositiveInfinity, 0x7C00)]
    [TestCase(5.9604645e-8f, 0x0001)]
    [TestCase(2.9802322e-8f, 0x0000)]
    [TestCase(2.9802326e-8f, 0x0001)]
    [TestCase(-0f, 0x8000)]
    public void EdgesAreWhereTheyShouldBe(float value, int expected) =>
        Assert.That(HalfBits.FromSingle(value), Is.EqualTo((ushort)expected));

    private static void CheckAround(float value)
    {
        foreach (float near in new[] { MathF.BitDecrement(value), value, MathF.BitIncrement(value) })
        {
            Check(near);
            Check(-near);
        }
    }

    private static void Check(float value)
    {
        ushort expected = BitConverter.HalfToUInt16Bits((Half)value);
        ushort actual = HalfBits.FromSingle(value);
        bool same = float.IsNaN(value) ? (actual & 0x7FFF) > 0x7C00 && (actual & 0x8000) == (expected & 0x8000) : actual == expected;
        if (!same)
        {
            Assert.Fail($"{value:R}: expected 0x{expected:X4}, found 0x{actual:X4}");
        }
    }
}

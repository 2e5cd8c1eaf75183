using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace VaeProcgen.ShaderCompiler;

/// <summary>
/// A module of SPV_NV_cooperative_matrix as one of SPV_KHR_cooperative_matrix. GLSL knows the former since 2019, the latter since 2023, which is newer
/// than the glslang of some distributions; drivers of all makers know the latter. The two differ in this:
/// a KHR type says what a matrix is used for (operand A, B, or accumulator), a load or store says the layout by a number in place of a truth, and
/// stands before the stride. What a matrix is used for is told by its size: (M, K) is A, (K, N) is B, (M, N) the accumulator, by the
/// three specialization constants for M, N and K (Include/tile_matrix.glsl).
/// </summary>
internal static class CooperativeMatrixRewriter
{
    private const int HeaderWords = 5;
    private const uint CapabilityNv = 5357, CapabilityKhr = 6022;
    private const uint SpecIdDecoration = 1;
    private const uint UseA = 0, UseB = 1, UseAccumulator = 2, RowMajor = 0, ColumnMajor = 1;
    private const string ExtensionNv = "SPV_NV_cooperative_matrix", ExtensionKhr = "SPV_KHR_cooperative_matrix";

    private enum Op : uint
    {
        Extension = 10,
        Capability = 17,
        TypeInt = 21,
        ConstantTrue = 41,
        ConstantFalse = 42,
        Constant = 43,
        Decorate = 71,
        TypeKhr = 4456,
        LoadKhr = 4457,
        StoreKhr = 4458,
        MultiplyAddKhr = 4459,
        TypeNv = 5358,
        LoadNv = 5359,
        StoreNv = 5360,
        MultiplyAddNv = 5361,
        LengthNv = 5362,
    }

    /// <param name="spirv">The module.</param>
    /// <param name="first">constant_id of M; those of N and K follow.</param>
    /// <exception cref="InvalidDataException">The module holds what is not expected of Include/tile_matrix.glsl.</exception>
    public static byte[] Rewrite(byte[] spirv, int first)
    {
        uint[] words = MemoryMarshal.Cast<byte, uint>(spirv).ToArray();
        List<uint[]> instructions = Split(words).ToList();
        var matrixConstants = instructions.Where(i => Is(i, Op.Decorate) && i[2] == SpecIdDecoration).ToDictionary(i => i[1], i => i[3]);
        var isColumnMajor = instructions.Where(i => Is(i, Op.ConstantTrue) || Is(i, Op.ConstantFalse)).ToDictionary(i => i[2], i => Is(i, Op.ConstantTrue));
        // New constants 0, 1 and 2 behind the unsigned integer type: uses and layouts are among them.
        uint bound = words[3];
        int typeAt = instructions.FindIndex(i => Is(i, Op.TypeInt) && i[2] == 32 && i[3] == 0);
        if (typeAt < 0)
            throw new InvalidDataException("A kernel with cooperative matrices has no type of 32-bit unsigned integers.");
        uint unsigned = instructions[typeAt][1];
        uint ConstantOf(uint value) => bound + value;
        instructions.InsertRange(typeAt + 1, new uint[] { 0, 1, 2 }.Select(v => Instruction(Op.Constant, unsigned, ConstantOf(v), v)));
        var result = new List<uint>(words[..HeaderWords]) { [3] = bound + 3 };
        foreach (uint[] i in instructions)
        {
            result.AddRange((Op)(i[0] & 0xFFFF) switch
            {
                Op.Capability when i[1] == CapabilityNv => Instruction(Op.Capability, CapabilityKhr),
                Op.Extension when TextOf(i) == ExtensionNv => Instruction(Op.Extension, WordsOf(ExtensionKhr)),
                Op.TypeNv => Instruction(Op.TypeKhr, i[1], i[2], i[3], i[4], i[5], ConstantOf(UseOf(i[4], i[5]))),
                // result type, result, pointer, stride, column major, memory operands ...
                Op.LoadNv => Instruction(Op.LoadKhr, [i[1], i[2], i[3], LayoutOf(i[5]), i[4], .. i[6..]]),
                // pointer, object, stride, column major, memory operands ...
                Op.StoreNv => Instruction(Op.StoreKhr, [i[1], i[2], LayoutOf(i[4]), i[3], .. i[5..]]),
                Op.MultiplyAddNv => Instruction(Op.MultiplyAddKhr, i[1..]),
                Op.LengthNv => throw new InvalidDataException("Lengths of cooperative matrices are not expected."),
                _ => i,
            });
        }

        return MemoryMarshal.AsBytes<uint>(result.ToArray()).ToArray();

        uint LayoutOf(uint id) => isColumnMajor.TryGetValue(id, out bool columns)
            ? ConstantOf(columns ? ColumnMajor : RowMajor)
            : throw new InvalidDataException("The layout of a cooperative matrix in memory must be a constant.");

        uint UseOf(uint rows, uint columns) => (SpecOf(rows) - first, SpecOf(columns) - first) switch
        {
            (0, 2) => UseA,
            (2, 1) => UseB,
            (0, 1) => UseAccumulator,
            (long r, long c) => throw new InvalidDataException(
                $"A cooperative matrix has the sizes of constants {r} and {c} of the device; expected M×K, K×N or M×N, of M, N and K which are 0, 1 and 2."),
        };

        long SpecOf(uint id) => matrixConstants.TryGetValue(id, out uint spec)
            ? spec
            : throw new InvalidDataException("The sizes of a cooperative matrix must be specialization constants.");
    }

    private static IEnumerable<uint[]> Split(uint[] words)
    {
        for (int at = HeaderWords, length; at < words.Length; at += length)
        {
            length = (int)(words[at] >> 16);
            yield return words[at..(at + length)];
        }
    }

    private static bool Is(uint[] instruction, Op op) => (instruction[0] & 0xFFFF) == (uint)op;

    private static uint[] Instruction(Op op, params uint[] operands) => [(uint)((operands.Length + 1) << 16) | (uint)op, .. operands];

    private static string TextOf(uint[] instruction) => Encoding.UTF8.GetString(MemoryMarshal.AsBytes<uint>(instruction.AsSpan(1))).TrimEnd('\0');

    private static uint[] WordsOf(string text)
    {
        byte[] bytes = new byte[(Encoding.UTF8.GetByteCount(text) / 4 + 1) * 4];
        Encoding.UTF8.GetBytes(text, bytes);
        return MemoryMarshal.Cast<byte, uint>(bytes).ToArray();
    }
}

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Silk.NET.Core.Native;

/// <summary>Strings to native memory and back: zero-terminated UTF-8, freed by <see cref="Free"/>.</summary>
public static unsafe class SilkMarshal
{
    public static nint Allocate(int length) => Marshal.AllocHGlobal(length);

    public static bool Free(nint ptr)
    {
        Marshal.FreeHGlobal(ptr);
        return ptr != 0;
    }

    public static void FreeString(nint ptr, NativeStringEncoding encoding = NativeStringEncoding.LPStr)
    {
        RequireBytes(encoding);
        Free(ptr);
    }

    public static int GetMaxSizeOf(string? input, NativeStringEncoding encoding = NativeStringEncoding.LPStr)
    {
        RequireBytes(encoding);
        return input is null ? 0 : Encoding.UTF8.GetMaxByteCount(input.Length) + 1;
    }

    public static nint StringToPtr(string? input, NativeStringEncoding encoding = NativeStringEncoding.LPStr)
    {
        RequireBytes(encoding);
        if (input is null)
        {
            return 0;
        }
        nint ptr = Allocate(Encoding.UTF8.GetByteCount(input) + 1);
        WriteString(input, (byte*)ptr);
        return ptr;
    }

    public static string? PtrToString(nint input, NativeStringEncoding encoding = NativeStringEncoding.LPStr)
    {
        RequireBytes(encoding);
        return input == 0 ? null : Encoding.UTF8.GetString((byte*)input, (int)StringLength(input, encoding));
    }

    public static nuint StringLength(nint ptr, NativeStringEncoding encoding = NativeStringEncoding.LPStr)
    {
        RequireBytes(encoding);
        nuint length = 0;
        while (((byte*)ptr)[length] != 0)
        {
            length++;
        }
        return length;
    }

    /// <summary>A table of pointers and the strings behind it, in one block: one <see cref="Free"/> frees all.</summary>
    public static nint StringArrayToPtr(IReadOnlyList<string> input, NativeStringEncoding encoding = NativeStringEncoding.LPStr)
    {
        RequireBytes(encoding);
        int size = input.Count * sizeof(byte*);
        foreach (string text in input)
        {
            size += Encoding.UTF8.GetByteCount(text) + 1;
        }
        byte** table = (byte**)Allocate(Math.Max(size, 1));
        byte* next = (byte*)(table + input.Count);
        for (int i = 0; i < input.Count; i++)
        {
            table[i] = next;
            next = WriteString(input[i], next);
        }
        return (nint)table;
    }

    public static string?[] PtrToStringArray(nint input, int numStrings, NativeStringEncoding encoding = NativeStringEncoding.LPStr)
    {
        string?[] texts = new string?[numStrings];
        for (int i = 0; i < numStrings; i++)
        {
            texts[i] = PtrToString(((nint*)input)[i], encoding);
        }
        return texts;
    }

    private static byte* WriteString(string text, byte* to)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        fixed (char* chars = text)
        {
            Encoding.UTF8.GetBytes(chars, text.Length, to, length);
        }
        to[length] = 0;
        return to + length + 1;
    }

    private static void RequireBytes(NativeStringEncoding encoding)
    {
        if (encoding is not (NativeStringEncoding.LPStr or NativeStringEncoding.LPUTF8Str))
        {
            throw new ArgumentException(
                $"This stand-in encodes strings as bytes: expected {nameof(NativeStringEncoding.LPStr)} or " +
                $"{nameof(NativeStringEncoding.UTF8)}, found {encoding}. Use one of these, or the real Silk.NET.Core.", nameof(encoding));
        }
    }
}

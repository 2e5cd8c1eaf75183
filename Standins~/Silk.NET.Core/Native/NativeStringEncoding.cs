namespace Silk.NET.Core.Native;

/// <summary>How a native string is encoded. Here the byte encodings are all UTF-8; see <see cref="SilkMarshal"/>.</summary>
public enum NativeStringEncoding
{
    BStr = 19,
    LPStr = 20,
    LPTStr = 22,
    LPUTF8Str = 48,
    LPWStr = 21,
    WinString = 1146093569,
    Ansi = LPStr,
    Auto = LPTStr,
    Uni = LPWStr,
    UTF8 = LPUTF8Str,
}

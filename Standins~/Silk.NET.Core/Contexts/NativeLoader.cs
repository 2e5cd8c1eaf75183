using System.Runtime.InteropServices;

namespace Silk.NET.Core.Contexts;

/// <summary>Opens shared libraries and finds their exports; 0 where there is none.</summary>
internal static class NativeLoader
{
#if NET
    public static nint Open(string name) => NativeLibrary.TryLoad(name, out nint library) ? library : 0;

    public static nint Find(nint library, string symbol) => NativeLibrary.TryGetExport(library, symbol, out nint address) ? address : 0;
#else
    private const int ResolveNow = 2;

    public static nint Open(string name) =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? LoadLibraryW(name)
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? MacOpen(name, ResolveNow)
        : LinuxOpen(name, ResolveNow);

    public static nint Find(nint library, string symbol) =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? GetProcAddress(library, symbol)
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? MacFind(library, symbol)
        : LinuxFind(library, symbol);

    [DllImport("kernel32", CharSet = CharSet.Unicode)]
    private static extern nint LoadLibraryW(string name);

    [DllImport("kernel32", CharSet = CharSet.Ansi)]
    private static extern nint GetProcAddress(nint library, string symbol);

    [DllImport("libdl.so.2", EntryPoint = "dlopen")]
    private static extern nint LinuxOpen(string name, int flags);

    [DllImport("libdl.so.2", EntryPoint = "dlsym")]
    private static extern nint LinuxFind(nint library, string symbol);

    [DllImport("libSystem.dylib", EntryPoint = "dlopen")]
    private static extern nint MacOpen(string name, int flags);

    [DllImport("libSystem.dylib", EntryPoint = "dlsym")]
    private static extern nint MacFind(nint library, string symbol);
#endif
}

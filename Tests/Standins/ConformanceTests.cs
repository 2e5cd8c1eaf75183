using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace VaeProcgen.Tests.Standins;

/// <summary>
/// Each public type of a stand-in against the listing of the real assembly. The cases are there where the listings are (in
/// shared/api beside the repository) and the build used stand-ins.
/// </summary>
public sealed class ConformanceTests
{
    /// <summary>The binding assemblies beside the tests; with the packages, some of them are not there.</summary>
    private static readonly Assembly[] Bindings = new[] { "Silk.NET.*.dll", "Arch.dll" }
        .SelectMany(pattern => Directory.EnumerateFiles(AppContext.BaseDirectory, pattern))
        .Order(StringComparer.Ordinal)
        .Select(path => Assembly.Load(Path.GetFileNameWithoutExtension(path)))
        .ToArray();

    private static readonly Dictionary<string, ApiListing> Listings = new();

    public static IEnumerable<TestCaseData> PublicTypes() =>
        from assembly in Bindings
        where assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(data => data.Key == "StandinFor")
        let listing = Listing(assembly)
        where listing is not null
        from type in assembly.GetExportedTypes()
        let name = ApiText.FullName(type)
        where !name.EndsWith("__FixedBuffer", StringComparison.Ordinal)
        select new TestCaseData(type, listing).SetName($"Conforms({name})");

    [TestCaseSource(nameof(PublicTypes))]
    public void Conforms(Type type, ApiListing listing) => Assert.That(Differences(type, listing), Is.Empty);

    [Test]
    public void ListingIsReadAndDifferencesAreFound()
    {
        string right = $$"""
            struct {{ApiText.FullName(typeof(Pair))}} size=16
              uint First @0
              fixed byte[8] Second @4
              ctor(uint first)
              uint Sum { get; set; }
              static ConformanceTests.Pair op_Addition(ConformanceTests.Pair left, ConformanceTests.Pair right)
              bool TryAdd<T>(in T value, out int sum, StringComparison how = Ordinal, int times = 2)
            enum {{ApiText.FullName(typeof(Letter))}} : byte
              A = 1
              B = 200
            delegate {{ApiText.FullName(typeof(Visit<>))}}: int (ref T value, uint* count)
            """;
        Type[] types = { typeof(Pair), typeof(Letter), typeof(Visit<>) };
        string[] Found(string text) => types.SelectMany(type => Differences(type, ApiListing.Parse(text))).ToArray();

        Assert.That(Found(right), Is.Empty);
        foreach ((string part, string other) in new[]
        {
            ("size=16", "size=20"), ("@4", "@8"), ("byte[8]", "byte[9]"), ("out int", "ref int"), ("times = 2", "times = 3"),
            ("B = 200", "B = 201"), (": byte", ": int"), ("uint* count", "int* count"), ("set; ", ""),
        })
        {
            Assert.That(Found(right.Replace(part, other)), Has.Length.EqualTo(1), $"'{part}' in place of '{other}'");
        }
        Assert.That(() => ApiListing.Parse("strange line"), Throws.TypeOf<InvalidDataException>());
    }

    private static List<string> Differences(Type type, ApiListing listing)
    {
        List<string> found = new();
        string name = ApiText.FullName(type);
        if (!listing.Types.TryGetValue(name, out ApiListing.Entry? entry))
        {
            if (!listing.Mentions(type.Name.Split('`')[0]))
            {
                found.Add($"{name}: no such type in the real assembly");
            }
            return found;
        }
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            Compare("signature", entry.Rest, ApiText.Signature(type));
            return found;
        }
        if (type.IsEnum)
        {
            Compare("underlying type", entry.Rest, Enum.GetUnderlyingType(type) switch
            {
                { } t when t == typeof(int) => "int", { } t when t == typeof(uint) => "uint", { } t when t == typeof(long) => "long",
                { } t when t == typeof(ulong) => "ulong", { } t when t == typeof(byte) => "byte", { } t => t.Name,
            });
        }
        if (entry.Size is { } size && !type.ContainsGenericParameters)
        {
            Compare("size", size, ApiText.SizeOf(type));
        }
        foreach (MemberInfo member in ApiText.Members(type).Where(member => !IsLeftOut(member)))
        {
            string text = ApiText.Of(member);
            // Besides the text itself: with no offset, where the listing has none, and with a setter, which may be not public.
            string[] forms = { text, text.Split('@')[0] + "@-1", text.Replace("{ get; }", "{ get; set; }") };
            bool listed = forms.Any(entry.Members.Contains);
            if (!listed)
            {
                found.Add($"{name}: the real type has no '{text}'");
            }
        }
        return found;

        void Compare<T>(string what, T expected, T actual)
        {
            if (!Equals(expected, actual))
            {
                found.Add($"{name}: {what} of the real type is {expected}, here {actual}");
            }
        }
    }

    /// <summary>Vulkan's listing holds no overloads with parameters passed by reference.</summary>
    private static bool IsLeftOut(MemberInfo member) => member is MethodInfo method
        && method.DeclaringType!.Namespace!.StartsWith("Silk.NET.Vulkan", StringComparison.Ordinal)
        && method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef);

    private static ApiListing? Listing(Assembly assembly)
    {
        string name = assembly.GetName().Name!;
        string path = Path.Combine(RepositoryRoot(), "..", "shared", "api", name + ".txt");
        if (!Listings.TryGetValue(name, out ApiListing? listing) && File.Exists(path))
        {
            Listings[name] = listing = ApiListing.Parse(File.ReadAllText(path));
        }
        return listing;
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));

    /// <summary>What the listing in the test describes.</summary>
    public unsafe struct Pair
    {
        public uint First;
        public fixed byte Second[8];
        private readonly uint _last;

        public Pair(uint first) => (First, _last) = (first, first);

        public uint Sum
        {
            readonly get => First + _last;
            set => First = value;
        }

        public static Pair operator +(Pair left, Pair right) => new(left.First + right.First);

        public readonly bool TryAdd<T>(in T value, out int sum, StringComparison how = StringComparison.Ordinal, int times = 2) =>
            (sum = times) > (int)how && value is not null;
    }

    public enum Letter : byte
    {
        A = 1, B = 200,
    }

    public unsafe delegate int Visit<T>(ref T value, uint* count);
}

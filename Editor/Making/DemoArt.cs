using System.IO;
using System.Linq;
using VaeProcgen.Editor.Dataset;

namespace VaeProcgen.Editor.Making;

/// <summary>Art for a demonstration.</summary>
/// <param name="Name">What it is, with its licence.</param>
/// <param name="Images">At the size that suits it.</param>
/// <param name="IsReal">False: drawn by <see cref="ProceduralArt"/>, as no other was found.</param>
public sealed record DemoArt(string Name, ArtSet Images, bool IsReal)
{
    private const int FewestImages = 100;

    // Prettiest first. Each folder is where the Debian package puts its images.
    private static readonly (string Name, string Folder, int Size)[] Known =
    [
        ("Silk icons by Mark James (CC-BY-2.5, Debian package famfamfam-silk)", "usr/share/icons/silk/16x16", 16),
        ("Minetest textures (mostly CC-BY-SA-3.0, Debian package minetest-data)", "usr/share/games/minetest/games/minetest_game", 16),
    ];

    /// <summary>The prettiest set on this machine; sprites of our own when there is none.</summary>
    /// <param name="root">The root of the file system.</param>
    public static DemoArt Find(string root = "/")
    {
        foreach ((string name, string folder, int size) in Known)
        {
            string path = Path.Combine(root, folder);
            if (Directory.Exists(path) && Directory.EnumerateFiles(path, "*.png", SearchOption.AllDirectories).Skip(FewestImages).Any())
                return new DemoArt(name, ArtImporter.Import(path, new ImportOptions { Size = size }), IsReal: true);
        }

        return new DemoArt("Sprites from the procedural generator", ProceduralArt.Generate(1000, 32, 0), IsReal: false);
    }
}

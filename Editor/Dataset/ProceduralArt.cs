using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using VaeProcgen.Editor.Dataset.Procedural;

namespace VaeProcgen.Editor.Dataset;

/// <summary>
/// Draws little sprites that need no file: creatures, potions, gems, swords, mushrooms and shields on a transparent background,
/// labelled by kind. Sprite i depends on the seed and i alone, so a larger set begins with the smaller one.
/// </summary>
public static class ProceduralArt
{
    private static readonly (string Label, Action<SpriteCanvas, SpriteRandom> Paint)[] Kinds =
    [
        ("creature", Creature.Paint), ("potion", Potion.Paint), ("gem", Gem.Paint),
        ("sword", Sword.Paint), ("mushroom", Mushroom.Paint), ("shield", Shield.Paint),
    ];

    /// <summary>The labels, in the order in which they take turns.</summary>
    public static IReadOnlyList<string> Labels { get; } = Kinds.Select(k => k.Label).ToArray();

    /// <summary>Draws a set.</summary>
    /// <param name="count">How many sprites; the kinds take turns.</param>
    /// <param name="size">Width and height, 12 to 1024 pixels.</param>
    /// <param name="seed">Another seed gives other sprites.</param>
    /// <param name="label">Only sprites of this kind, the same as in a set of all; null: of all.</param>
    /// <param name="storage">Where the pixels lie; null: <see cref="PixelStorage.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1, or the size outside 12 to 1024.</exception>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public static ArtSet Generate(int count, int size, ulong seed, string? label = null, PixelStorage? storage = null)
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "Expected at least 1 sprite.");
        if (size is < 12 or > 1024)
            throw new ArgumentOutOfRangeException(nameof(size), size, "Expected a sprite size between 12 and 1024 pixels.");
        int kind = Array.FindIndex(Kinds, k => k.Label == label);
        if (label != null && kind < 0)
            throw new ArgumentException($"Expected one of {string.Join(", ", Labels)}; found '{label}'.", nameof(label));
        int Sprite(int number) => label == null ? number : checked((number * Kinds.Length) + kind);
        var store = new PixelStore(storage, size, size, count);
        Parallel.For(0, count, number =>
        {
            int i = Sprite(number);
            var canvas = new SpriteCanvas(size);
            Kinds[i % Kinds.Length].Paint(canvas, new SpriteRandom(seed, i));
            store.Put(number, canvas.Finish());
        });
        ArtImage[] images = [.. Enumerable.Range(0, count).Select(number =>
        {
            int i = Sprite(number);
            string name = Kinds[i % Kinds.Length].Label;
            return store.Image(number, $"{name}/{i / Kinds.Length:D5}", name);
        })];
        return new ArtSet(size, size, images) { Origin = "the procedural generator" };
    }
}

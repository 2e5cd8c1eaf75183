namespace VaeProcgen.Runtime.Decode;

/// <summary>Where in an image the levels of texture number i go.</summary>
internal interface IImagePlaces
{
    (int Layer, int X, int Y) PlaceOf(int index, int level);
}

/// <summary>Each has a layer of its own.</summary>
internal sealed class LayerPlaces : IImagePlaces
{
    private readonly int[] layers;

    public LayerPlaces(int[] layers) => this.layers = layers;

    public (int Layer, int X, int Y) PlaceOf(int index, int level) => (layers[index], 0, 0);
}

/// <summary>Side by side in one layer, row after row.</summary>
internal sealed class AtlasPlaces : IImagePlaces
{
    private readonly int columns;
    private readonly int width;
    private readonly int height;

    /// <param name="columns">Cells in a row.</param>
    /// <param name="width">Of a cell.</param>
    /// <param name="height">Of a cell.</param>
    public AtlasPlaces(int columns, int width, int height) => (this.columns, this.width, this.height) = (columns, width, height);

    public (int Layer, int X, int Y) PlaceOf(int index, int level) =>
        (0, (index % columns * width) >> level, (index / columns * height) >> level);
}

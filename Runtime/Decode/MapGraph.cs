using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Models;
using VaeProcgen.Shaders;

namespace VaeProcgen.Runtime.Decode;

/// <summary>
/// The decoder of a convolutional architecture for a rectangle of cells of a map, which wraps around on itself: latents of tiles, or of
/// cells, to the means of p(x|z). A cell is a place of the smallest level, from which a square of Reduction pixels a side is made.
/// </summary>
internal sealed class MapGraph
{
    private readonly Graph input = new();
    private readonly Graph body = new();
    private readonly BlendTiles? blend;

    /// <param name="architecture">A <see cref="NetworkKind.Conv"/> one.</param>
    /// <param name="parameters">Frozen, where there are several.</param>
    /// <param name="height">Cells.</param>
    /// <param name="width">Cells.</param>
    public MapGraph(VaeArchitecture architecture, ParameterSet parameters, int height, int width)
    {
        bool isGrid = architecture.LatentSide != 0;
        TileRows = isGrid ? height : BlendTiles.TilesFor(height, architecture.Height / architecture.Reduction);
        TileColumns = isGrid ? width : BlendTiles.TilesFor(width, architecture.Width / architecture.Reduction);
        int count = TileRows * TileColumns;
        Latents = new Tensor("latents", Shape.Matrix(count, architecture.LatentSize / architecture.Cells));
        Labels = architecture.IsConditional ? new Tensor("labels", Shape.Vector(count)) : null;
        Tensor x = VaeNetwork.AddDecoderLabels(input, parameters, architecture, Latents, Labels);
        if (isGrid)
        {
            x = VaeNetwork.AddInput(body, parameters, architecture, x.Reshaped(new Shape(1, height, width, x.Shape.C)));
        }
        else
        {
            Origin = new Tensor("origin", Shape.Vector(2));
            x = VaeNetwork.AddInput(input, parameters, architecture, x);
            blend = new BlendTiles("blended tiles", x, TileColumns, Origin, height, width);
            x = blend.Output;
        }

        x = body.Add(new ActivationLayer("decoder.input.activation", x, ConvNetwork.Nonlinearity));
        Values = ConvNetwork.AddUpward(body, parameters, architecture, x, VaeNetwork.LinkOf(architecture), isAlikeEverywhere: true);
        Halo = ReceptiveField.HaloOf(body.Operators);
    }

    /// <summary>Rows of <see cref="Latents"/> from top to bottom: of tiles, or with a grid of latents, of cells.</summary>
    public int TileRows { get; }

    public int TileColumns { get; }

    /// <summary>[rows · columns, Z] of tiles, or [height · width, Z / cells] of cells.</summary>
    public Tensor Latents { get; }

    /// <summary>[rows · columns] words; null where the model is not conditional.</summary>
    public Tensor? Labels { get; }

    /// <summary>Words of <see cref="BlendTiles"/>; null with a grid of latents.</summary>
    public Tensor? Origin { get; }

    /// <summary>[1, height · reduction, width · reduction, C]</summary>
    public Tensor Values { get; }

    /// <summary>Cells at each border whose pixels are not those of the map, because what lies beyond is not known here.</summary>
    public int Halo { get; }

    public IEnumerable<KernelSpec> Prepare() => input.Prepare().Concat(body.Prepare());

    public IEnumerable<KernelSpec> ForwardToPixels(FinishTexture finish) => input.Forward().Concat(blend?.Forward() ?? []).Concat(body.ForwardToPixels(finish));
}

namespace VaeProcgen.Runtime.Decode;

/// <summary>What the device is decoding for a pool: row i for a texture, to a slot.</summary>
internal sealed class DecodeBatch
{
    /// <param name="most">Rows.</param>
    public DecodeBatch(int most) =>
        (Slots, Textures, Generations, Keys) = (new int[most], new int[most], new int[most], new ulong[most]);

    public DecodeProgram? Program { get; private set; }

    /// <summary>Null while nothing is done with it.</summary>
    public DecodeLane? Lane { get; private set; }

    /// <summary>Milliseconds that it was taken to cost.</summary>
    public double Cost { get; private set; }

    /// <summary>Rows in use.</summary>
    public int Count { get; private set; }

    public int[] Slots { get; }

    public int[] Textures { get; }

    /// <summary>Of the texture: when it differs by then, the texture was released.</summary>
    public int[] Generations { get; }

    /// <summary>Of the latents.</summary>
    public ulong[] Keys { get; }

    public void Begin(DecodeProgram program, DecodeLane lane, double cost) => (Program, Lane, Cost, Count) = (program, lane, cost, 0);

    public void Add(int texture, int generation, int slot, ulong key)
    {
        (Textures[Count], Generations[Count], Slots[Count], Keys[Count]) = (texture, generation, slot, key);
        Count++;
    }

    public void End() => (Lane, Count) = (null, 0);
}

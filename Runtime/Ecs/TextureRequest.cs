namespace VaeProcgen.Runtime.Ecs;

/// <summary>Component: the entity, which has a <see cref="Latents.Latent"/>, wants a texture. It gets a <see cref="DecodedTexture"/>.</summary>
public struct TextureRequest
{
    private float priorityLessOne; // so that default(TextureRequest) has the priority 1

    /// <param name="priority">Above 0: twice as much waits half as long. Such as 1 on the screen, and 0.1 off it.</param>
    /// <param name="size">Width in pixels of one of the pools; 0: that of the model's first pool.</param>
    /// <param name="model">The number that its pool was added with.</param>
    public TextureRequest(float priority, int size = 0, int model = 0) => (priorityLessOne, Size, Model) = (priority - 1, size, model);

    /// <summary>1 by default.</summary>
    public float Priority
    {
        readonly get => priorityLessOne + 1;
        set => priorityLessOne = value - 1;
    }

    public int Size { get; set; }

    public int Model { get; set; }
}

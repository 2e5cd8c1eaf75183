using System;
using Arch.Core;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Models;

namespace VaeProcgen.Runtime.Ecs;

/// <summary>Moves latents along their blends.</summary>
internal sealed class BlendSystem
{
    private readonly World world;
    private readonly EntityTextures textures;
    private readonly QueryDescription blending = new QueryDescription().WithAll<Latent, LatentBlend, TextureRequest, DecodedTexture>();
    private readonly ForEach<Latent, LatentBlend, TextureRequest, DecodedTexture> move;
    private float seconds;

    public BlendSystem(World world, EntityTextures textures)
    {
        (this.world, this.textures) = (world, textures);
        move = Move;
    }

    public void Update(float seconds)
    {
        if (!(seconds >= 0) || float.IsInfinity(seconds))
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "The seconds since the last frame are 0 or more.");
        this.seconds = seconds;
        world.Query(in blending, move);
    }

    private void Move(ref Latent latent, ref LatentBlend blend, ref TextureRequest request, ref DecodedTexture texture)
    {
        if (blend.IsDone || blend.Goal.IsEmpty)
            return;
        ref EntityTextures.Row row = ref textures[texture.Row];
        Span<float> current = textures.CurrentOf(texture.Row), start = textures.StartOf(texture.Row);
        if (!blend.IsStarted)
        {
            row.Pool!.Model.File.Require(blend.Goal);
            current.CopyTo(start);
            blend.IsStarted = true;
        }

        blend.Progress = Math.Min(1, blend.Progress + (blend.Speed * seconds));
        if (blend.IsDone)
        {
            latent = blend.Goal;
            row.Latent = 0; // so that the request system takes it, also where the way led back to the latent from before
            return;
        }

        if (blend.Path == BlendPath.Spherical)
            LatentMath.Slerp(start, blend.Goal.Values, blend.Progress, current);
        else
            LatentMath.Lerp(start, blend.Goal.Values, blend.Progress, current);
        row.Label = blend.Goal.Label;
        row.Pool!.Change(row.Handle, current, row.Label, request.Priority);
    }
}

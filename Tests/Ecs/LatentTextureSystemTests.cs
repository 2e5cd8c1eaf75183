using System;
using System.Linq;
using Arch.Core;
using NUnit.Framework;
using VaeProcgen.Runtime.Decode;
using VaeProcgen.Runtime.Ecs;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Decode;
using VaeProcgen.Tests.Models;
using VaeProcgen.Tests.Support;
using VaeProcgen.Tests.Support.Gpu;

namespace VaeProcgen.Tests.Ecs;

public sealed class LatentTextureSystemTests(OperandPath path) : GpuTest(path)
{
    private World world = null!;
    private TextureModel model = null!;
    private TextureService service = null!;
    private LatentTextureSystem system = null!;
    private Latent[] latents = null!;

    [SetUp]
    public void Create()
    {
        world = World.Create();
        model = new TextureModel(Device, DecodeModels.Plain());
        service = new TextureService(Device, frameBudget: 1000);
        system = new LatentTextureSystem(world, service);
        latents = DecodeModels.Latents(TinyModel.Architecture, 200);
    }

    [TearDown]
    public void Dispose()
    {
        service.Dispose();
        model.Dispose();
        World.Destroy(world);
    }

    [Test]
    public void EntitiesGetTheTexturesOfTheirLatents()
    {
        system.AddPool(service.CreatePool(model, largestBatch: 16));
        Entity[] entities = latents.Take(30).Select(l => world.Create(l, new TextureRequest())).ToArray();
        Settle();
        for (int i = 0; i < entities.Length; i++)
            RequireTexture(entities[i], latents[i]);

        world.Set(entities[4], latents[50]);
        Settle();
        RequireTexture(entities[4], latents[50]);
        Assert.That(world.Get<DecodedTexture>(entities[4]).Version, Is.EqualTo(2));
        Assert.That(world.Get<DecodedTexture>(entities[5]).Version, Is.EqualTo(1), "nothing changed there");
    }

    [Test]
    public void BlendsMoveAndEndAtTheirGoal([Values] BlendPath way)
    {
        system.AddPool(service.CreatePool(model, largestBatch: 4));
        Entity entity = world.Create(latents[0], new TextureRequest(), new LatentBlend(latents[1], speed: 0.5f, way));
        Settle(seconds: 0);
        RequireTexture(entity, latents[0]);
        Settle(seconds: 0.5f, frames: 1);
        Latent quarter = way == BlendPath.Linear ? Latent.Lerp(latents[0], latents[1], 0.25f) : Latent.Slerp(latents[0], latents[1], 0.25f);
        RequireTexture(entity, quarter);
        Assert.That(world.Get<LatentBlend>(entity).Progress, Is.EqualTo(0.25f));

        // Another goal, from where it is now.
        world.Set(entity, new LatentBlend(latents.AsSpan(2, 2), [1, 3], speed: 1, way));
        Settle(seconds: 0.5f, frames: 1);
        Latent goal = Latent.Blend(latents.AsSpan(2, 2), [1, 3]);
        RequireTexture(entity, way == BlendPath.Linear ? Latent.Lerp(quarter, goal, 0.5f) : Latent.Slerp(quarter, goal, 0.5f));
        Settle(seconds: 10, frames: 1);
        RequireTexture(entity, goal);
        Assert.That(world.Get<LatentBlend>(entity).IsDone);
        Assert.That(world.Get<Latent>(entity), Is.EqualTo(goal));
    }

    [Test]
    public void ABlendBackEndsWhereItBegan()
    {
        system.AddPool(service.CreatePool(model, largestBatch: 4));
        Entity entity = world.Create(latents[0], new TextureRequest(), new LatentBlend(latents[1], speed: 1));
        Settle(seconds: 0.5f, frames: 1);
        world.Set(entity, new LatentBlend(latents[0], speed: 1));
        Settle(seconds: 0.5f, frames: 1);
        Settle(seconds: 0.6f, frames: 1);
        RequireTexture(entity, latents[0]);
    }

    [Test]
    public void OneBadLatentIsRepairedWithoutHarmToOthers()
    {
        system.AddPool(service.CreatePool(model, largestBatch: 4));
        Entity good = world.Create(latents[0], new TextureRequest());
        Entity bad = world.Create(new Latent(new float[8]), new TextureRequest());
        Entity idle = world.Create(latents[1], new TextureRequest(priority: 0));
        Assert.That(() => system.Update(0), Throws.ArgumentException);
        Assert.That(() => system.Update(0), Throws.ArgumentException);
        world.Set(bad, latents[2]);
        world.Destroy(idle);
        Settle();
        RequireTexture(good, latents[0]);
        RequireTexture(bad, latents[2]);
        Assert.That(() => system.Update(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void DestroyedEntitiesGiveTheirTexturesBackAlsoDuringADecode()
    {
        TexturePool pool = service.CreatePool(model, memoryLimit: 8 * model.BytesOf(), largestBatch: 4);
        system.AddPool(pool);
        var random = new Random(1);
        var alive = Enumerable.Range(0, 8).Select(i => world.Create(latents[i], new TextureRequest())).ToList();
        for (int frame = 0; frame < 60; frame++)
        {
            system.Update(0.1f); // something is always in flight
            int index = random.Next(alive.Count);
            world.Destroy(alive[index]);
            alive[index] = world.Create(latents[8 + frame], new TextureRequest());
        }

        Settle();
        foreach (Entity entity in alive)
            RequireTexture(entity, world.Get<Latent>(entity));
        foreach (Entity entity in alive.Take(4))
            world.Remove<TextureRequest>(entity);
        foreach (Entity entity in alive.Skip(4).Take(2))
            world.Remove<Latent>(entity);
        Settle();
        Assert.That(alive.Select(e => world.Has<DecodedTexture>(e)), Is.EqualTo(new[] { false, false, false, false, false, false, true, true }));
        Assert.That(pool.Capacity, Is.EqualTo(8));
    }

    [Test]
    public void SizesChooseAmongThePoolsOfAModel()
    {
        TexturePool full = service.CreatePool(model, largestBatch: 4);
        TexturePool half = service.CreatePool(model, new TextureOptions { Reduction = 1 }, largestBatch: 4);
        system.AddPool(full);
        system.AddPool(half);
        Entity near = world.Create(latents[0], new TextureRequest()), far = world.Create(latents[0], new TextureRequest(priority: 0.1f, size: 4));
        Settle();
        Assert.That(world.Get<DecodedTexture>(near).Pool, Is.SameAs(full));
        Assert.That(world.Get<DecodedTexture>(far).Pool, Is.SameAs(half));
        int version = world.Get<DecodedTexture>(far).Version;
        world.Set(far, new TextureRequest(1, size: 8));
        Settle();
        Assert.That(world.Get<DecodedTexture>(far).Version, Is.GreaterThan(version), "there are other pixels to copy");
        RequireTexture(far, latents[0]);
        Assert.That(world.Get<DecodedTexture>(far).Pool, Is.SameAs(full));
        world.Set(far, new TextureRequest(1, size: 5));
        Assert.That(() => system.Update(0), Throws.ArgumentException.With.Message.Contains("5 pixels wide"));
    }

    [Test]
    public void NothingIsAllocatedInAFrameOnceWarm()
    {
        system.AddPool(service.CreatePool(model, largestBatch: 16));
        Entity[] entities = latents.Select(l => world.Create(l, new TextureRequest(), new LatentBlend(latents[0], 0.1f))).ToArray();
        Settle();
        for (int frame = 0; frame < 50; frame++)
            Frame(frame);
        Allocations.RequireNoneOnceWarm(Frame);
        Assert.That(service.Last.Waiting, Is.GreaterThan(0), "there was work in every frame");

        void Frame(int frame)
        {
            for (int i = frame % 20; i < entities.Length; i += 20)
                world.Set(entities[i], new LatentBlend(latents[(i + frame) % latents.Length], 0.3f));
            system.Update(1 / 60f);
        }
    }

    [Test]
    public void TenThousandEntitiesKeepTheBudget()
    {
        service.FrameBudget = 2;
        TexturePool pool = service.CreatePool(model, largestBatch: 64);
        system.AddPool(pool);
        for (int i = 0; i < 10_000; i++)
            world.Create(latents[i % 200], new TextureRequest(), new LatentBlend(latents[(i * 7) % 200], 0.01f + (i * 1e-5f)));
        double spent = 0;
        for (int frame = 0; frame < 60; frame++)
        {
            FrameStatistics statistics = system.Update(1 / 60f);
            spent += statistics.Milliseconds;
            double least = pool.Costs.First().Milliseconds; // for which frames may save up
            Assert.That(statistics.Milliseconds, Is.LessThanOrEqualTo(Math.Max(2, least) + 1e-9));
        }

        Assert.That(spent, Is.GreaterThan(0));
        Allocations.RequireNoneOnceWarm(_ => system.Update(1 / 60f));
        Assert.That(world.CountEntities(new QueryDescription().WithAll<DecodedTexture>()), Is.EqualTo(10_000));
    }

    [Test]
    public void RefusesWhatDoesNotFit()
    {
        system.AddPool(service.CreatePool(model, largestBatch: 1));
        Assert.That(() => new LatentBlend(default, 1), Throws.ArgumentException);
        Assert.That(() => new LatentBlend(latents[0], 0), Throws.ArgumentException.With.Message.Contains("speed"));
        Assert.That(() => system.AddPool(service.CreatePool(model, largestBatch: 1)), Throws.ArgumentException.With.Message.Contains("already"));
        world.Create(new Latent(new float[8]), new TextureRequest());
        Assert.That(() => system.Update(0), Throws.ArgumentException.With.Message.Contains("4 values"));
    }

    /// <summary>Frames of a length, and then such of none until all is decoded.</summary>
    private void Settle(float seconds = 0, int frames = 0)
    {
        for (int i = 0; i < frames; i++)
            system.Update(seconds);
        for (int i = 0; i < 10_000; i++)
        {
            system.Update(0);
            Device.WaitIdle();
            if (service.Last.IsIdle)
                return;
        }

        throw new AssertionException("the service never finishes");
    }

    private void RequireTexture(Entity entity, Latent latent)
    {
        DecodedTexture texture = world.Get<DecodedTexture>(entity);
        Assert.That(texture.IsReady);
        Assert.That(texture.Pool.PixelsOf(texture.Handle).ToArray(), Is.EqualTo(model.Decode(latent).Rgba));
    }
}

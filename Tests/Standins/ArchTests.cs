using System;
using System.Collections.Generic;
using System.Linq;
using Arch.Buffer;
using Arch.Core;
using Arch.Core.Extensions;
using NUnit.Framework;

namespace VaeProcgen.Tests.Standins;

/// <summary>What the project counts on in Arch, the stand-in and the real one: in no test does the order of visits matter.</summary>
public sealed class ArchTests
{
    private World _world = null!;

    private record struct Position(float X, float Y);

    private record struct Velocity(float X, float Y);

    private record struct Health(int Points);

    private record struct Label(string Text);

    [SetUp]
    public void CreateWorld() => _world = World.Create();

    [TearDown]
    public void DestroyWorld() => World.Destroy(_world);

    [Test]
    public void ComponentsAreReadAndWritten()
    {
        Entity entity = _world.Create(new Position(1, 2), new Label("a"));

        _world.Get<Position>(entity).X = 5;
        _world.Set(entity, new Label("b"));

        Assert.That(_world.Get<Position>(entity), Is.EqualTo(new Position(5, 2)));
        Assert.That(entity.Get<Label>().Text, Is.EqualTo("b"));
        Assert.That(_world.Has<Velocity>(entity), Is.False);
        Assert.That(_world.TryGet(entity, out Velocity _), Is.False);
    }

    [Test]
    public void AddAndRemoveKeepTheOtherComponents()
    {
        Entity[] entities = Enumerable.Range(0, 500).Select(i => _world.Create(new Position(i, -i))).ToArray();

        foreach (Entity entity in entities.Where((_, i) => i % 3 == 0))
        {
            _world.Add(entity, new Health((int)_world.Get<Position>(entity).X));
        }
        foreach (Entity entity in entities.Where((_, i) => i % 6 == 0))
        {
            _world.Remove<Position>(entity);
        }

        for (int i = 0; i < entities.Length; i++)
        {
            Assert.That(_world.Has<Health>(entities[i]), Is.EqualTo(i % 3 == 0), $"entity {i}");
            Assert.That(_world.Has<Position>(entities[i]), Is.EqualTo(i % 6 != 0), $"entity {i}");
            Assert.That(i % 3 == 0 ? _world.Get<Health>(entities[i]).Points : (int)_world.Get<Position>(entities[i]).X, Is.EqualTo(i));
        }
    }

    [Test]
    public void ADestroyedEntityIsNotTheOneThatReusesItsId()
    {
        Entity first = _world.Create(new Health(1));
        _world.Destroy(first);
        Entity second = _world.Create(new Health(2));

        Assert.That(second.Id, Is.EqualTo(first.Id));
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(_world.IsAlive(first), Is.False);
        Assert.That(_world.IsAlive(second), Is.True);
        Assert.That(_world.Size, Is.EqualTo(1));
    }

    [Test]
    public void QueriesSelectByAllAnyNoneAndExclusive()
    {
        _world.Create(new Position());
        _world.Create(new Position(), new Velocity());
        _world.Create(new Position(), new Health());
        _world.Create(new Position(), new Velocity(), new Health());
        _world.Create(new Label());
        int Count(in QueryDescription description) => _world.CountEntities(in description);

        Assert.That(Count(new QueryDescription()), Is.EqualTo(5));
        Assert.That(Count(new QueryDescription().WithAll<Position>()), Is.EqualTo(4));
        Assert.That(Count(new QueryDescription().WithAll<Position, Health>()), Is.EqualTo(2));
        Assert.That(Count(new QueryDescription().WithAny<Velocity, Label>()), Is.EqualTo(3));
        Assert.That(Count(new QueryDescription().WithAll<Position>().WithNone<Velocity>()), Is.EqualTo(2));
        Assert.That(Count(new QueryDescription().WithAll<Position>().WithAny<Velocity, Health>().WithNone<Label>()), Is.EqualTo(3));
        Assert.That(Count(new QueryDescription().WithExclusive<Velocity, Position>()), Is.EqualTo(1));
    }

    [Test]
    public void AQueryFindsArchetypesThatCameAfterIt()
    {
        QueryDescription description = new QueryDescription().WithAll<Health>();
        Assert.That(_world.CountEntities(in description), Is.Zero);
        _world.Create(new Health(1));
        Assert.That(_world.CountEntities(in description), Is.EqualTo(1));
        _world.Create(new Health(1), new Position());
        Assert.That(_world.CountEntities(in description), Is.EqualTo(2));
    }

    [Test]
    public void DelegatesAndChunksVisitEveryEntityOnce()
    {
        const int count = 5000;
        for (int i = 0; i < count; i++)
        {
            _ = i % 2 == 0
                ? _world.Create(new Position(i, 0), new Velocity(1, 2))
                : _world.Create(new Velocity(1, 2), new Position(i, 0), new Health());
        }
        QueryDescription description = new QueryDescription().WithAll<Position, Velocity>();

        _world.Query(in description, (ref Position position, ref Velocity velocity) => position.Y += velocity.Y);
        HashSet<float> seen = new();
        foreach (ref Chunk chunk in _world.Query(in description))
        {
            Span<Position> positions = chunk.GetSpan<Position>();
            foreach (int index in chunk)
            {
                Assert.That(positions[index].Y, Is.EqualTo(2));
                seen.Add(positions[index].X);
            }
        }
        HashSet<Entity> entities = new();
        _world.Query(in description, (Entity entity, ref Position position) => entities.Add(entity));

        Assert.That(seen, Is.EquivalentTo(Enumerable.Range(0, count).Select(i => (float)i)));
        Assert.That(entities, Has.Count.EqualTo(count));
        Assert.That(entities.All(_world.IsAlive), Is.True);
    }

    [Test]
    public void QueriesDoNotAllocate()
    {
        for (int i = 0; i < 1000; i++)
        {
            _world.Create(new Position(), new Velocity(1, 1));
        }
        QueryDescription description = new QueryDescription().WithAll<Position, Velocity>();
        void Step()
        {
            _world.Query(in description, static (ref Position position, ref Velocity velocity) => position.X += velocity.X);
            foreach (ref Chunk chunk in _world.Query(in description))
            {
                foreach (int index in chunk)
                {
                    chunk.GetSpan<Position>()[index].Y++;
                }
            }
        }
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Step();
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void ACommandBufferChangesTheWorldAtPlayback()
    {
        Entity kept = _world.Create(new Position(1, 1));
        Entity doomed = _world.Create(new Position(2, 2));
        Entity stripped = _world.Create(new Position(3, 3), new Velocity(3, 3));
        CommandBuffer buffer = new();
        QueryDescription description = new QueryDescription().WithAll<Position>();

        _world.Query(in description, (Entity entity, ref Position position) =>
        {
            buffer.Set(in entity, new Position(position.X * 10, 0));
            buffer.Add(in entity, new Health((int)position.X));
        });
        buffer.Remove<Velocity>(in stripped);
        buffer.Destroy(in doomed);
        Entity placeholder = buffer.Create(new ComponentType[] { typeof(Label) });
        buffer.Set(in placeholder, new Label("new"));
        Assert.That(_world.Has<Health>(kept), Is.False);
        buffer.Playback(_world);

        Assert.That(_world.Get<Position>(kept), Is.EqualTo(new Position(10, 0)));
        Assert.That(_world.Get<Health>(stripped).Points, Is.EqualTo(3));
        Assert.That(_world.Has<Velocity>(stripped), Is.False);
        Assert.That(_world.IsAlive(doomed), Is.False);
        List<string> labels = new();
        _world.Query(new QueryDescription().WithAll<Label>(), (ref Label label) => labels.Add(label.Text));
        Assert.That(labels, Is.EqualTo(new[] { "new" }));
        Assert.That(buffer.Size, Is.Zero);
    }

    [Test]
    public void AnyHistoryAgreesWithADictionary([Values(1, 2, 3)] int seed)
    {
        Random random = new(seed);
        Dictionary<Entity, (int? Health, string? Label)> expected = new();
        for (int step = 0; step < 3000; step++)
        {
            if (expected.Count == 0 || random.Next(3) == 0)
            {
                expected[_world.Create(new Health(step))] = (step, null);
                continue;
            }
            Entity entity = expected.Keys.ElementAt(random.Next(expected.Count));
            (int? health, string? label) = expected[entity];
            switch (random.Next(4))
            {
                case 0:
                    _world.Destroy(entity);
                    expected.Remove(entity);
                    break;
                case 1 when label is null:
                    _world.Add(entity, new Label($"{step}"));
                    expected[entity] = (health, $"{step}");
                    break;
                case 2 when health is not null && label is not null:
                    _world.Remove<Health>(entity);
                    expected[entity] = (null, label);
                    break;
                case 3 when health is not null:
                    _world.Set(entity, new Health(-step));
                    expected[entity] = (-step, label);
                    break;
            }
        }
        Assert.That(_world.Size, Is.EqualTo(expected.Count));
        foreach ((Entity entity, (int? health, string? label)) in expected)
        {
            Assert.That(_world.Has<Health>(entity) ? _world.Get<Health>(entity).Points : (int?)null, Is.EqualTo(health));
            Assert.That(_world.Has<Label>(entity) ? _world.Get<Label>(entity).Text : null, Is.EqualTo(label));
        }
    }
}

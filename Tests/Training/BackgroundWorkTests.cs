using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using VaeProcgen.Editor.Training;

namespace VaeProcgen.Tests.Training;

public sealed class BackgroundWorkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BackgroundWork work = new();

    [Test]
    public void IsDoneInOrderWhileWhoPostsItGoesOn()
    {
        using var release = new ManualResetEventSlim();
        var done = new List<int>();
        Task first = work.Post(() => release.Wait(Patience));
        foreach (int i in Enumerable.Range(0, 100))
            work.Post(() => done.Add(i));
        Assert.That((first.IsCompleted, done), Is.EqualTo((false, new List<int>())));
        release.Set();
        work.Wait();
        Assert.That(done, Is.EqualTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public void AfterAPieceThatFailedNoOtherIsBegunAndItsErrorIsTold()
    {
        var failing = new BackgroundWork();
        failing.ThrowIfFailed();
        failing.Post(() => throw new FormatException("the disk is full"));
        bool begun = false;
        failing.Post(() => begun = true);
        failing.WaitQuietly();
        Assert.That(failing.ThrowIfFailed, Throws.TypeOf<FormatException>().With.Message.EqualTo("the disk is full"));
        Assert.That(failing.Wait, Throws.TypeOf<FormatException>());
        Assert.That(begun, Is.False);
    }
}

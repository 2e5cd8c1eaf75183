using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using VaeProcgen.Editor.Training;
using VaeProcgen.Runtime.Latents;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

/// <summary>The moving averages accumulate by nature, so these tests run the kernels once a step and not through OperatorCheck.</summary>
public sealed class CodebookUpdateTests(OperandPath path) : GpuTest(path)
{
    private const uint RestartStream = 0x20;

    [TestCase(8, 4, 3)]
    [TestCase(13, 12, 127)]
    [TestCase(127, 4, 1040)]
    public void FollowsTheReferenceOverSeveralSteps(int k, int d, int rows)
    {
        var options = new CodebookOptions(Decay: 0.9f, RestartBelow: 0);
        using var steps = new Steps(Device, k, d, rows, options);
        double[] counts = Enumerable.Repeat((double)(float)((double)rows / k), k).ToArray();
        double[] codebook = TestData.Normal(k * d, 1), sums = codebook.Select((e, i) => (double)(float)(e * counts[i / d])).ToArray();
        steps.Start(codebook, counts, sums);
        double relative = 0;
        for (int step = 0; step < 5; step++)
        {
            double[] encoded = TestData.Normal(rows * d, 10 + step);
            int[] codes = steps.Take(step, encoded);
            CodebookState state = steps.Capture();
            double[] magnitude = sums.Select(Math.Abs).ToArray();
            (counts, sums, codebook) = VectorQuantizeReference.Update(d, counts, sums, encoded, codes, options.Decay, options.Epsilon);
            double[] batchMagnitude = VectorQuantizeReference.Update(d, new double[k], magnitude, ErrorBound.Absolute(encoded), codes,
                options.Decay, 0).Sums;

            // A sum: the rows, the decay of each step so far, and 1 − γ in float32, which cancels to 2⁻²⁵ of 1.
            relative += ErrorBound.Gamma(rows + 6) + ErrorBound.UnitRoundoff / (1 - options.Decay);
            double[] countBound = counts.Select(c => ErrorBound.SecondOrder * relative * c).ToArray();
            double[] sumBound = batchMagnitude.Select(m => ErrorBound.SecondOrder * relative * m).ToArray();
            Compare.Within(state.Counts, counts, countBound, $"counts of step {step}", i => $"[k={i}]");
            Compare.Within(state.Sums, sums, sumBound, $"sums of step {step}", i => $"[k={i / d}, d={i % d}]");
            double[] codeBound = codebook.Select((e, i) => ErrorBound.SecondOrder * (Math.Abs(e) * (2 * relative + ErrorBound.Gamma(k + 20))
                + sumBound[i] / Math.Max(counts[i / d], options.Epsilon))).ToArray();
            Compare.Within(state.Codebook, codebook, codeBound, $"codebook of step {step}", i => $"[k={i / d}, d={i % d}]");
            float[] usage = steps.Usage();
            Assert.That(usage[0], Is.EqualTo(rows).Within(rows * 1e-4));
            Assert.That(usage[1], Is.Zero);
            Assert.That(usage[2], Is.EqualTo(VectorQuantizeReference.Perplexity(counts)).Within(1e-3 * k));
            sums = TestData.ToDouble(state.Sums);
            counts = TestData.ToDouble(state.Counts);
            relative = 0;
        }
    }

    /// <summary>A code far from all pixels dies and takes the encoder output that the seed, the step and its number name.</summary>
    [Test]
    public void ADeadCodeStartsAnewFromAPixelOfTheBatch()
    {
        const int k = 8, d = 4, rows = 37;
        using var steps = new Steps(Device, k, d, rows, new CodebookOptions(Decay: 0.5f, RestartBelow: 0.1f));
        double[] codebook = TestData.Normal(k * d, 1), counts = Enumerable.Repeat(4.0, k).ToArray();
        foreach (int dead in new[] { 2, 5 })
        {
            Array.Fill(codebook, 100, dead * d, d);
            counts[dead] = 0.5;
        }

        steps.Start(codebook, counts, codebook.Select((e, i) => e * counts[i / d]).ToArray());
        double[] encoded = TestData.Normal(rows * d, 2);
        steps.Take(3, encoded);
        CodebookState state = steps.Capture();
        Assert.That(steps.Usage()[1], Is.EqualTo(2));
        foreach (int dead in new[] { 2, 5 })
        {
            int row = (int)(((ulong)Philox.Draw(Steps.Seed, (uint)dead, 3, RestartStream, 0).X * rows) >> 32);
            Assert.That(state.Counts[dead], Is.EqualTo((float)rows / k));
            IEnumerable<double> code = state.Codebook.Skip(dead * d).Take(d).Select(v => (double)v);
            Assert.That(code, Is.EqualTo(encoded.Skip(row * d).Take(d)).Within(1e-4), $"code {dead}");
        }

        Assert.That(state.Counts.Where((_, i) => i != 2 && i != 5), Is.All.LessThan((float)rows));
        Assert.That(steps.Take(4, encoded), Does.Contain(2).And.Contain(5), "restarted codes are used");
        Assert.That(steps.Usage()[1], Is.Zero);
    }

    [Test]
    public void TheSameStepsLeaveTheSameBitsAlsoFromACapturedState()
    {
        float[][] Run(int interruptAfter)
        {
            var options = new CodebookOptions(Decay: 0.8f, RestartBelow: 0.3f);
            var steps = new Steps(Device, 64, 8, 500, options);
            double[] codebook = TestData.Normal(64 * 8, 1);
            steps.Start(codebook, Enumerable.Repeat(8.0, 64).ToArray(), codebook.Select(e => 8 * e).ToArray());
            double restarts = 0;
            for (int step = 0; step < 6; step++)
            {
                if (step == interruptAfter)
                {
                    CodebookState captured = steps.Capture();
                    steps.Dispose();
                    steps = new Steps(Device, 64, 8, 500, options);
                    steps.Restore(captured);
                }

                steps.Take(step, TestData.Normal(500 * 8, 20 + step).Select(v => 0.3 * v).ToArray());
                restarts += steps.Usage()[1];
            }

            Assert.That(restarts, Is.GreaterThan(0));
            CodebookState state = steps.Capture();
            steps.Dispose();
            return [state.Codebook, state.Counts, state.Sums];
        }

        float[][] whole = Run(-1);
        Assert.That(Run(-1), Is.EqualTo(whole));
        Assert.That(Run(3), Is.EqualTo(whole));
    }

    /// <summary>A quantiser whose encoder outputs are given, one training step after the other.</summary>
    private sealed class Steps : IDisposable
    {
        public const ulong Seed = 0xFEDC_BA98_7654_3210;

        private readonly Workspace workspace;
        private readonly Tensor encoded;
        private readonly Tensor step = new("step", Shape.Vector(StepState.HeaderWords));
        private readonly VectorQuantize op;
        private readonly GpuProgram program;

        public Steps(VaeProcgen.Runtime.Vulkan.GpuDevice device, int k, int d, int rows, CodebookOptions options)
        {
            workspace = new Workspace(device);
            encoded = new Tensor("z_e", new Shape(1, rows, 1, d));
            op = new VectorQuantize("z_q", encoded, new Codebook("codebook", k, d, options));
            program = new GpuProgram(workspace, "codebook",
                [.. op.Prepare(), .. op.Forward(), .. op.UpdateCodebook(step)]);
        }

        public void Start(double[] codebook, double[] counts, double[] sums) =>
            Restore(new CodebookState(TestData.ToFloat(codebook), TestData.ToFloat(counts), TestData.ToFloat(sums)));

        public void Restore(CodebookState state) => state.Restore(workspace, op.Codebook);

        public CodebookState Capture() => CodebookState.Capture(workspace, op.Codebook);

        public float[] Usage() => workspace.Download<float>(op.Codebook.Usage);

        /// <summary>The codes that the pixels chose.</summary>
        public int[] Take(int index, double[] values)
        {
            var words = new uint[StepState.HeaderWords];
            new StepState((uint)index, Seed).Write(words, []);
            workspace.Upload<uint>(step, words);
            workspace.Upload<float>(encoded, TestData.ToFloat(values));
            program.Run();
            return workspace.Download<uint>(op.Codes)[..encoded.Shape.Pixels].Select(c => (int)c).ToArray();
        }

        public void Dispose()
        {
            program.Dispose();
            workspace.Dispose();
        }
    }
}

using System.Linq;
using NUnit.Framework;
using VaeProcgen.Runtime.Program;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Gpu;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Shaders;

public sealed class StepTableTests(OperandPath path) : GpuTest(path)
{
    /// <summary>
    /// One recording, several steps a submission: each reads its own row of the table and writes its own row of the log. What a
    /// step logs here is a random draw, which depends on the step's index and seed.
    /// </summary>
    [TestCase(4, 5)]
    [TestCase(3, 127, Description = "a row of more words than a workgroup")]
    public void EachStepHasItsRow(int steps, int batch)
    {
        var table = new StepTable(steps, batch);
        using var workspace = new Workspace(Device);
        var sample = new Reparameterize("z", new Tensor("head", Shape.Matrix(1, 8)), table.Step);
        Tensor z = sample.Output;
        using var program = new GpuProgram(workspace, "steps", [.. table.Begin(), .. sample.Forward(), .. table.End(z, z, z, z, z)]);
        uint[] rows = Enumerable.Range(0, batch).Select(i => (uint)(1000 + i)).ToArray();
        for (int submission = 0; submission < 2; submission++)
        {
            StepState StateOf(int i) => new(Index: (uint)(submission * steps + i), Seed: 5, LearningRate: i, KlWeight: -i);
            for (int i = 0; i < steps; i++)
                StateOf(i).Write(workspace.Map<uint>(table.Table).Slice(i * table.RowWords, table.RowWords), rows);
            workspace.Map<uint>(table.Cursor)[0] = 0;
            program.Run(steps);
            float[] log = workspace.Download<float>(table.Log);
            for (int i = 0; i < steps; i++)
            {
                GpuNormals drawn = GpuNormals.Draw(4, StateOf(i), GpuNormals.Posterior);
                double[] v = drawn.Values, b = drawn.Bound;
                Compare.Within(
                    log[(16 * i)..(16 * i + 16)], [.. v, .. v, .. v, v[0], v[0], 0, 0], [.. b, .. b, .. b, b[0], b[0], 0, 0], $"log of step {i}", c => $"[{c}]");
            }

            Assert.That(workspace.Map<uint>(table.Cursor)[0], Is.EqualTo(steps));
            var last = new uint[table.RowWords];
            StateOf(steps - 1).Write(last, rows);
            Assert.That(workspace.Download<uint>(table.Step).Take(table.RowWords), Is.EqualTo(last));
        }
    }
}

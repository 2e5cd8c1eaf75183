using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using VaeProcgen.Runtime.Vulkan;

namespace VaeProcgen.Runtime.Decode;

/// <summary>The programs that a pool decodes with, smallest batch first, and what each costs.</summary>
internal sealed class BatchCosts
{
    private readonly DecodeProgram[] programs;
    private readonly CostMeter[] costs;

    /// <summary>Makes and measures them, so that the driver does now all that it does at first use.</summary>
    /// <param name="largestBatch">No larger ones.</param>
    /// <exception cref="OutOfGpuMemoryException">The memory does not suffice for one image.</exception>
    public BatchCosts(TextureDecoder decoder, TextureOptions options, int largestBatch)
    {
        programs = ProgramsOf(decoder, options, largestBatch);
        costs = Array.ConvertAll(programs, program => Measure(decoder, program));
    }

    /// <summary>Batches that can be in flight at a time.</summary>
    public int Lanes => programs.Length * DecodeProgram.LaneCount;

    /// <summary>Images of the largest batch.</summary>
    public int Largest => programs[^1].Batch;

    /// <summary>Milliseconds of the smallest batch.</summary>
    public double Least => costs[0].Median;

    /// <summary>Images and milliseconds of each.</summary>
    public IEnumerable<(int Batch, double Milliseconds)> All => programs.Zip(costs, (program, cost) => (program.Batch, cost.Median));

    /// <summary>The largest batch up to one of so many images that the budget allows now; null: none.</summary>
    public (DecodeProgram Program, double Cost)? Affordable(DecodeBudget budget, int batch)
    {
        int best = 0;
        while (best + 1 < programs.Length && programs[best].Batch < batch)
            best++;
        for (int i = best; i >= 0; i--)
        {
            // Frames save up for the smallest batch only.
            double cost = costs[i].Median;
            if (budget.Allows(cost) && (i == 0 || cost <= budget.Milliseconds))
                return (programs[i], cost);
        }

        return null;
    }

    /// <summary>Takes what a batch that is complete has cost.</summary>
    public void Learn(DecodeBatch batch)
    {
        double seen = batch.Lane!.ReadMilliseconds();
        if (!double.IsNaN(seen))
            costs[Array.IndexOf(programs, batch.Program)].Add(seen);
    }

    private static DecodeProgram[] ProgramsOf(TextureDecoder decoder, TextureOptions options, int largestBatch)
    {
        var programs = new List<DecodeProgram>();
        foreach (int batch in TextureDecoder.Batches)
        {
            if (batch > largestBatch)
                break;
            DecodeProgram program = decoder.ProgramFor(batch, options);
            if (program.Batch < batch)
                break; // the memory does not suffice for more
            programs.Add(program);
        }

        return programs.ToArray();
    }

    private static CostMeter Measure(TextureDecoder decoder, DecodeProgram program)
    {
        var cost = new CostMeter();
        for (int i = 0; i < 4; i++)
        {
            DecodeLane lane = decoder.Take(program);
            try
            {
                lane.Latents.Clear();
                lane.IsTimed = true;
                long start = Stopwatch.GetTimestamp();
                decoder.Device.Wait(lane.SubmitToHost(program.Commands));
                double wall = 1e3 * (Stopwatch.GetTimestamp() - start) / Stopwatch.Frequency;
                double measured = lane.ReadMilliseconds();
                if (i > 0)
                    cost.Add(double.IsNaN(measured) ? wall : measured);
            }
            finally
            {
                decoder.GiveBack(lane);
            }
        }

        return cost;
    }
}

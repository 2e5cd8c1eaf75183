using System.Collections.Generic;
using System.Linq;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Tests.Latents;

/// <summary>The flow prior, one sample at a time, in double precision and written as the formulas stand.</summary>
internal sealed class FlowReference(int size, int hidden, int blocks, IReadOnlyDictionary<string, float[]> tensors)
    : PerceptronReference("prior.flow.", hidden, blocks, tensors)
{
    public double[] Sample(ulong seed, uint index, float temperature)
    {
        var normals = new float[size];
        Philox.FillNormals(seed, 0x100, index, normals);
        double[] u = normals.Select(normal => Round((double)temperature * normal)).ToArray();
        for (int step = 0; step < 20; step++)
        {
            double[] v = Velocity(u, step / 20.0);
            u = u.Zip(v, (value, velocity) => Round(value + Round(velocity / 20))).ToArray();
        }
        float[] mean = Tensor("mean");
        float[] std = Tensor("std");
        return u.Select((value, j) => Round(mean[j] + Round(std[j] * value))).ToArray();
    }

    private double[] Velocity(double[] u, double t)
    {
        IEnumerable<double> cosines = Enumerable.Range(1, 16).Select(k => Round(PortableMath.SinCosOfTurns(k * t / 2).Cos));
        IEnumerable<double> sines = Enumerable.Range(1, 16).Select(k => Round(PortableMath.SinCosOfTurns(k * t / 2).Sin));
        return Body(Linear("in", u.Concat(cosines).Concat(sines).ToArray(), Hidden), size);
    }
}

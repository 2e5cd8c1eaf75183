using System;
using VaeProcgen.Runtime.ModelFile;

namespace VaeProcgen.Runtime.Latents;

/// <summary>
/// D independent categorical variables of C classes, drawn as one-hot vectors side by side: z is [D·C], with a single 1 among the C
/// elements of each variable. The prior of training is uniform; class probabilities fitted to the aggregate posterior give samples
/// that are more like the art.
/// </summary>
public sealed class CategoricalPrior : ILatentPrior
{
    private const string ProbabilitiesName = "prior.categorical.probabilities";

    private readonly float[] _probabilities;

    /// <summary>Every class of every variable is equally likely.</summary>
    /// <param name="variables">D, at least 1.</param>
    /// <param name="classes">C, at least 2.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public CategoricalPrior(int variables, int classes)
        : this(Uniform(variables, classes), variables, classes)
    {
    }

    /// <summary>The array is kept, not copied.</summary>
    /// <param name="probabilities">[D, C], none negative; each row is taken relative to its sum.</param>
    /// <param name="variables">D, at least 1.</param>
    /// <param name="classes">C, at least 2.</param>
    /// <exception cref="ArgumentException">The sizes do not agree or are out of range, or a row is no distribution.</exception>
    public CategoricalPrior(float[] probabilities, int variables, int classes)
    {
        RequireSizes(variables, classes);
        LatentMath.RequireLength(checked(variables * classes), probabilities.Length, nameof(probabilities));
        for (int d = 0; d < variables; d++)
        {
            double total = 0;
            for (int c = 0; c < classes; c++)
            {
                float p = probabilities[(d * classes) + c];
                total += p >= 0 ? p : double.NaN;
            }
            if (!(total > 0) || double.IsInfinity(total))
            {
                throw new ArgumentException(
                    $"The class probabilities of variable {d} must be finite, at least 0, and not all 0.", nameof(probabilities));
            }
        }
        (_probabilities, Variables, Classes) = (probabilities, variables, classes);
    }

    public string Kind => "categorical";

    /// <summary>D·C</summary>
    public int Size => _probabilities.Length;

    /// <summary>D</summary>
    public int Variables { get; }

    /// <summary>C</summary>
    public int Classes { get; }

    /// <summary>[D, C]</summary>
    public ReadOnlyMemory<float> Probabilities => _probabilities;

    /// <inheritdoc/>
    /// <param name="seed">Names the sequence.</param>
    /// <param name="index">The place in it.</param>
    /// <param name="temperature">
    /// The classes are drawn with probabilities proportional to p^(1/temperature): 1 is the fitted distribution, less is more typical,
    /// 0 is the likeliest class of each variable (the first of equals), and more comes nearer to uniform.
    /// </param>
    /// <param name="z">[D·C], written.</param>
    /// <exception cref="ArgumentException"><paramref name="z"/> has another length, or the temperature is negative or NaN.</exception>
    public void Sample(ulong seed, uint index, float temperature, Span<float> z)
    {
        LatentMath.RequireLength(Size, z.Length, nameof(z));
        if (!(temperature >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature,
                "The temperature of categorical latents must be 0 or above.");
        }
        z.Clear();
        var weights = new double[Classes];
        for (int d = 0; d < Variables; d++)
        {
            (uint a, uint b, uint c, uint e) = Philox.Draw(seed, (uint)d / 4, index, PriorStreams.Category, 0);
            uint word = (d % 4) switch { 0 => a, 1 => b, 2 => c, _ => e };
            z[(d * Classes) + Pick(_probabilities.AsSpan(d * Classes, Classes), temperature, Philox.Uniform(word), weights)] = 1;
        }
    }

    public float[] SampleMany(ulong seed, uint start, int count, float temperature) =>
        LatentPriors.SampleEach(this, seed, start, count, temperature);

    public void WriteTo(SafetensorsWriter writer) => writer.AddFloats(ProbabilitiesName, _probabilities, Variables, Classes);

    /// <summary>The categorical prior in the file; null when it has none.</summary>
    /// <exception cref="ModelFileException">The tensor has another shape, or holds no probabilities.</exception>
    public static CategoricalPrior? TryRead(SafetensorsFile file)
    {
        if (!file.Contains(ProbabilitiesName))
        {
            return null;
        }
        long[] shape = file.Get(ProbabilitiesName).Shape;
        if (shape.Length != 2)
        {
            throw SafetensorsFile.Unusable(file.Source,
                $"tensor '{ProbabilitiesName}' must have the shape [variables, classes], found {TensorEntry.Describe(shape)}");
        }
        float[] probabilities = file.GetFloats(ProbabilitiesName);
        try
        {
            return new CategoricalPrior(probabilities, checked((int)shape[0]), checked((int)shape[1]));
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw SafetensorsFile.Unusable(file.Source, $"its categorical prior is invalid: {error.Message}");
        }
    }

    /// <summary>Of each variable, the largest number becomes 1 (the first of equals) and the others 0: logits to their likeliest classes.</summary>
    /// <param name="values">Whole variables, the classes of each side by side.</param>
    /// <param name="classes">C</param>
    public static void ToOneHot(Span<float> values, int classes)
    {
        for (int first = 0; first < values.Length; first += classes)
        {
            Span<float> variable = values.Slice(first, classes);
            int best = 0;
            for (int c = 1; c < classes; c++)
            {
                best = variable[c] > variable[best] ? c : best;
            }
            variable.Clear();
            variable[best] = 1;
        }
    }

    private static float[] Uniform(int variables, int classes)
    {
        RequireSizes(variables, classes);
        var probabilities = new float[checked(variables * classes)];
        Array.Fill(probabilities, 1f / classes);
        return probabilities;
    }

    private static void RequireSizes(int variables, int classes)
    {
        if (variables < 1 || classes < 2)
        {
            throw new ArgumentException(
                $"A categorical prior has at least 1 variable of at least 2 classes; found {variables} of {classes}.");
        }
    }

    private static int Pick(ReadOnlySpan<float> probabilities, float temperature, double uniform, double[] weights)
    {
        int best = 0;
        for (int c = 1; c < probabilities.Length; c++)
        {
            best = probabilities[c] > probabilities[best] ? c : best;
        }
        if (temperature == 0)
        {
            return best;
        }
        double largest = PortableMath.Log(probabilities[best]), total = 0;
        for (int c = 0; c < probabilities.Length; c++)
        {
            // Relative to the largest, which then is 1 at any temperature.
            weights[c] = probabilities[c] > 0 ? PortableMath.Exp((PortableMath.Log(probabilities[c]) - largest) / temperature) : 0;
            total += weights[c];
        }
        double left = uniform * total;
        int last = best;
        for (int c = 0; c < weights.Length; c++)
        {
            if (weights[c] > 0)
            {
                last = c;
                left -= weights[c];
                if (left <= 0)
                {
                    break;
                }
            }
        }
        return last; // Rounding may leave a trace at the end.
    }
}

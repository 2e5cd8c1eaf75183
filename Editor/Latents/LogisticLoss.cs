using System;
using System.Threading.Tasks;

namespace VaeProcgen.Editor.Latents;

/// <summary>
/// The loss of multinomial logistic regression, in nats: (1/N) Σ_i −ln p(y_i | s_i) + (λ/2) Σ W², with
/// p(k | s) = exp(W_k·s + b_k) / Σ_l exp(W_l·s + b_l). The biases b are not penalised.
/// </summary>
public sealed class LogisticLoss
{
    private const int RowsAPart = 512;

    private readonly double[] inputs;
    private readonly int[] labels;
    private readonly int size;
    private readonly int classes;
    private readonly double penalty;

    /// <param name="inputs">s, [N, D]; kept, not copied.</param>
    /// <param name="labels">y, from 0 to classes − 1, [N]; kept, not copied.</param>
    /// <param name="size">D</param>
    /// <param name="classes">K</param>
    /// <param name="penalty">λ</param>
    public LogisticLoss(double[] inputs, int[] labels, int size, int classes, double penalty) =>
        (this.inputs, this.labels, this.size, this.classes, this.penalty) = (inputs, labels, size, classes, penalty);

    /// <summary>K (D + 1)</summary>
    public int ParameterCount => classes * (size + 1);

    /// <summary>The loss at (W_k, b_k) for each class, [K, D + 1].</summary>
    /// <param name="gradient">
    /// [K, D + 1], written (=): ∂/∂W_k = (1/N) Σ_i (p(k | s_i) − [k = y_i]) s_i + λ W_k, and ∂/∂b_k without s and λ.
    /// </param>
    /// <remarks>Images are summed in parts of fixed size, and the parts in order: threads do not change the result.</remarks>
    public double At(double[] parameters, double[] gradient)
    {
        int parts = (labels.Length + RowsAPart - 1) / RowsAPart;
        var losses = new double[parts];
        var gradients = new double[parts][];
        Parallel.For(0, parts, part => losses[part] = Part(parameters, part, gradients[part] = new double[ParameterCount]));
        double loss = 0;
        Array.Clear(gradient);
        for (int part = 0; part < parts; part++)
        {
            loss += losses[part] / labels.Length;
            for (int i = 0; i < gradient.Length; i++)
                gradient[i] += gradients[part][i] / labels.Length;
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            if (i % (size + 1) == size)
                continue;
            loss += penalty / 2 * parameters[i] * parameters[i];
            gradient[i] += penalty * parameters[i];
        }

        return loss;
    }

    /// <summary>ln p(k | s) for each class, written.</summary>
    public static void LogProbabilities(ReadOnlySpan<double> parameters, ReadOnlySpan<double> input, Span<double> result)
    {
        int size = input.Length;
        double largest = double.NegativeInfinity;
        for (int k = 0; k < result.Length; k++)
        {
            ReadOnlySpan<double> weights = parameters.Slice(k * (size + 1), size + 1);
            double sum = weights[size];
            for (int j = 0; j < size; j++)
                sum += weights[j] * input[j];
            result[k] = sum;
            largest = Math.Max(largest, sum);
        }

        double total = 0;
        foreach (double logit in result)
            total += Math.Exp(logit - largest);
        double normaliser = largest + Math.Log(total);
        for (int k = 0; k < result.Length; k++)
            result[k] -= normaliser;
    }

    private double Part(double[] parameters, int part, double[] gradient)
    {
        double loss = 0;
        var logs = new double[classes];
        for (int i = part * RowsAPart; i < Math.Min((part + 1) * RowsAPart, labels.Length); i++)
        {
            ReadOnlySpan<double> input = inputs.AsSpan(i * size, size);
            LogProbabilities(parameters, input, logs);
            loss -= logs[labels[i]];
            for (int k = 0; k < classes; k++)
            {
                double error = Math.Exp(logs[k]) - (k == labels[i] ? 1 : 0);
                int row = k * (size + 1);
                for (int j = 0; j < size; j++)
                    gradient[row + j] += error * input[j];
                gradient[row + size] += error;
            }
        }

        return loss;
    }
}

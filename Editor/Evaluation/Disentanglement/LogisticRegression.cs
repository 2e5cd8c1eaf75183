using System;

namespace VaeProcgen.Editor.Evaluation.Disentanglement;

/// <summary>
/// Multinomial logistic regression, p(y = c|x) ∝ exp(w_c · x + b_c), on standardised inputs: the weights minimise the mean of
/// −log p(y|x), plus λ/2 Σ w² with λ = 0.001. Accelerated gradient descent (Nesterov 1983; steps as Beck and Teboulle 2009) from zero,
/// a fixed number of steps of 1/L, where L bounds the curvature: no randomness, and sums in a fixed order.
/// </summary>
public sealed class LogisticRegression
{
    private const double Penalty = 1e-3;
    private const int Steps = 400, PowerSteps = 50;

    // Curvature of the soft maximum: its Hessian's eigenvalues are at most 1/2 (Böhning 1992).
    private const double SoftmaxCurvature = 0.5;

    private readonly int classes;
    private readonly double[] center;
    private readonly double[] scale;
    private readonly double[] weights;

    private LogisticRegression(int classes, double[] center, double[] scale, double[] weights) =>
        (this.classes, this.center, this.scale, this.weights) = (classes, center, scale, weights);

    /// <param name="x">[count, D]</param>
    /// <param name="y">[count], from 0 to classes − 1.</param>
    /// <param name="classes">How many there are.</param>
    public static LogisticRegression Fit(double[] x, int[] y, int classes)
    {
        int count = y.Length, d = x.Length / count, width = d + 1;
        double[] center = new double[d], scale = new double[d];
        for (int j = 0; j < d; j++)
        {
            for (int i = 0; i < count; i++)
                center[j] += x[(i * d) + j] / count;
            double squares = 0;
            for (int i = 0; i < count; i++)
                squares += Math.Pow(x[(i * d) + j] - center[j], 2) / count;
            // A feature that never varies stays 0.
            scale[j] = squares > 1e-20 ? 1 / Math.Sqrt(squares) : 0;
        }

        double[] inputs = Standardise(x, center, scale);
        double step = 1 / ((SoftmaxCurvature * LargestEigenvalue(inputs, count, width)) + Penalty);
        double[] weights = new double[classes * width], ahead = new double[weights.Length], gradient = new double[weights.Length];
        double momentum = 1;
        for (int s = 0; s < Steps; s++)
        {
            Gradient(inputs, y, classes, ahead, gradient);
            double next = (1 + Math.Sqrt(1 + (4 * momentum * momentum))) / 2;
            for (int k = 0; k < weights.Length; k++)
            {
                double moved = ahead[k] - (step * gradient[k]);
                ahead[k] = moved + ((momentum - 1) / next * (moved - weights[k]));
                weights[k] = moved;
            }

            momentum = next;
        }

        return new LogisticRegression(classes, center, scale, weights);
    }

    /// <summary>The likeliest class of each row of x, [count, D]; the first of equals.</summary>
    public int[] Predict(double[] x)
    {
        int width = center.Length + 1;
        double[] inputs = Standardise(x, center, scale), scores = new double[classes];
        var result = new int[inputs.Length / width];
        for (int i = 0; i < result.Length; i++)
        {
            Scores(inputs.AsSpan(i * width, width), weights, scores);
            for (int c = 1; c < classes; c++)
                result[i] = scores[c] > scores[result[i]] ? c : result[i];
        }

        return result;
    }

    // dw_c = mean of (p_c − [y = c]) x, plus λ w_c; the bias, whose input is 1, is not penalised.
    private static void Gradient(double[] inputs, int[] y, int classes, double[] weights, double[] gradient)
    {
        int count = y.Length, width = inputs.Length / count;
        for (int k = 0; k < gradient.Length; k++)
            gradient[k] = k % width == width - 1 ? 0 : Penalty * weights[k];
        var p = new double[classes];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<double> row = inputs.AsSpan(i * width, width);
            Scores(row, weights, p);
            double most = double.NegativeInfinity, sum = 0;
            foreach (double score in p)
                most = Math.Max(most, score);
            for (int c = 0; c < classes; c++)
                sum += p[c] = Math.Exp(p[c] - most);
            for (int c = 0; c < classes; c++)
            {
                double slope = ((p[c] / sum) - (y[i] == c ? 1 : 0)) / count;
                Span<double> of = gradient.AsSpan(c * width, width);
                for (int j = 0; j < width; j++)
                    of[j] += slope * row[j];
            }
        }
    }

    private static void Scores(ReadOnlySpan<double> row, double[] weights, double[] scores)
    {
        for (int c = 0; c < scores.Length; c++)
        {
            ReadOnlySpan<double> of = weights.AsSpan(c * row.Length, row.Length);
            double sum = 0;
            for (int j = 0; j < row.Length; j++)
                sum += of[j] * row[j];
            scores[c] = sum;
        }
    }

    /// <summary>Of XᵀX / count, by power iteration, a tenth larger as that comes from below.</summary>
    private static double LargestEigenvalue(double[] inputs, int count, int width)
    {
        double[] v = new double[width], next = new double[width];
        for (int j = 0; j < width; j++)
            v[j] = 1 + (j % 7 / 10.0);
        double norm = 1;
        for (int s = 0; s < PowerSteps; s++)
        {
            double length = Math.Sqrt(Dot(v, v));
            for (int j = 0; j < width; j++)
                (v[j], next[j]) = (v[j] / length, 0);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<double> row = inputs.AsSpan(i * width, width);
                double along = Dot(row, v) / count;
                for (int j = 0; j < width; j++)
                    next[j] += along * row[j];
            }

            norm = Math.Sqrt(Dot(next, next));
            (v, next) = (next, v);
        }

        return 1.1 * norm;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }

    // [count, D + 1]: the last column is 1.
    private static double[] Standardise(double[] x, double[] center, double[] scale)
    {
        int d = center.Length, count = x.Length / d;
        var result = new double[count * (d + 1)];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < d; j++)
                result[(i * (d + 1)) + j] = (x[(i * d) + j] - center[j]) * scale[j];
            result[(i * (d + 1)) + d] = 1;
        }

        return result;
    }
}

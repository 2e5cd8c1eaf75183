using System;
using System.Linq;
using VaeProcgen.Editor.Evaluation;
using VaeProcgen.Shaders;
using VaeProcgen.Tests.Support.Reference;

namespace VaeProcgen.Tests.Evaluation;

/// <summary>Posteriors and images for tests without a model.</summary>
internal static class EvaluationData
{
    public static GaussianPosteriors Posteriors(int count, int size, int seed) => new(
        TestData.ToFloat(TestData.Normal(count * size, seed)), TestData.ToFloat(TestData.Uniform(count * size, seed + 1, -3, 0.5)), size);

    /// <summary>Image <paramref name="k"/> by a formula, [height, width, 4].</summary>
    public static float[] Formula(int k, int width, int height)
    {
        var image = new float[height * width * 4];
        for (int i = 0; i < image.Length; i++)
        {
            int c = i % 4, x = i / 4 % width, y = i / 4 / width;
            int stripes = (k * 71) + (y * 37) + (x * 101) + (c * 53) + ((k + 1) * y * x * 7) + (x * y % 5 * 29);
            image[i] = (stripes + (x / 4 * (y / 4) * (k + 3) * 40)) % 256 / 255f;
        }

        return image;
    }

    /// <summary>Images first to first + count − 1.</summary>
    public static float[] Formulas(int first, int count, int width, int height) =>
        [.. Enumerable.Range(first, count).SelectMany(k => Formula(k, width, height))];
}

/// <summary>
/// The linear model p(z) = N(0, I), p(x|z) = N(W z + b, s² I) with two latents, whose log p(x) = log N(x; b, W Wᵀ + s² I) is known.
/// </summary>
internal sealed class LinearModel
{
    public const int Values = 5;
    private const double Scale = 0.5;
    private static readonly double[] Bias = [0.1, -0.2, 0.3, 0, 0.5];
    private readonly double[] first;
    private readonly double[] second;
    private readonly double m11;
    private readonly double m12;
    private readonly double m22;

    /// <param name="correlated">Whether the two columns of W are not orthogonal, so that no diagonal posterior is exact.</param>
    public LinearModel(bool correlated)
    {
        first = [1, 0.5, -0.5, 0.25, 0];
        second = correlated ? [0.5, 0.5, 0.25, 0, -1] : [0.5, -0.5, 0.5, 0, 1];
        // M = I + WᵀW / s², the precision of p(z|x).
        m11 = 1 + (Dot(first, first) / (Scale * Scale));
        m12 = Dot(first, second) / (Scale * Scale);
        m22 = 1 + (Dot(second, second) / (Scale * Scale));
    }

    public static ImageLikelihood Likelihood { get; } = new(new LikelihoodOptions(LikelihoodKind.Gaussian, LikelihoodLink.Identity), Scale);

    public float[] Decode(float[] z) => [.. z.Chunk(2).SelectMany(row =>
        Enumerable.Range(0, Values).Select(i => (float)((row[0] * first[i]) + (row[1] * second[i]) + Bias[i])))];

    /// <summary>Images from the model, beside posteriors of the right mean, and of the best diagonal variance times a factor.</summary>
    public ScoredImages Images(int count, double widened = 1)
    {
        double[] latents = TestData.Normal(2 * count, 5), noise = TestData.Normal(Values * count, 6);
        float[] x = [.. Decode(TestData.ToFloat(latents)).Select((mean, i) => (float)(mean + (Scale * noise[i])))];
        float[] means = [.. x.Chunk(Values).SelectMany(PosteriorMean)];
        float[] logVariances = [.. Enumerable.Range(0, 2 * count).Select(i => (float)Math.Log(widened / (i % 2 == 0 ? m11 : m22)))];
        return new ScoredImages(x, new GaussianPosteriors(means, logVariances, 2), Decode(means));
    }

    /// <summary>log p(x), by the determinant lemma and Woodbury's identity.</summary>
    public double LogDensity(float[] x)
    {
        double[] r = [.. x.Select((v, i) => v - Bias[i])];
        double[] p = [Dot(first, r) / (Scale * Scale), Dot(second, r) / (Scale * Scale)];
        (double a, double b) = Solve(p);
        double quadratic = (Dot(r, r) / (Scale * Scale)) - (p[0] * a) - (p[1] * b);
        return -0.5 * ((Values * Math.Log(2 * Math.PI * Scale * Scale)) + Math.Log((m11 * m22) - (m12 * m12)) + quadratic);
    }

    private float[] PosteriorMean(float[] x)
    {
        double[] r = [.. x.Select((v, i) => v - Bias[i])];
        (double a, double b) = Solve([Dot(first, r) / (Scale * Scale), Dot(second, r) / (Scale * Scale)]);
        return [(float)a, (float)b];
    }

    private (double, double) Solve(double[] p)
    {
        double determinant = (m11 * m22) - (m12 * m12);
        return (((m22 * p[0]) - (m12 * p[1])) / determinant, ((m11 * p[1]) - (m12 * p[0])) / determinant);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}

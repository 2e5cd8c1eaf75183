using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Priors;

/// <summary>
/// EM for a Gaussian mixture over uncertain points. It maximises the mean over points of ln Σ_k w_k exp(LogDensity_k), where
/// <see cref="MixtureComponent.LogDensity"/> holds the shrinkage, so that the objective never falls although covariances are shrunk.
/// Work is split over points and components, whose sums each keep their order: the result does not depend on the number of threads.
/// </summary>
internal sealed class ExpectationMaximisation
{
    private const uint SeedingStream = 0x201;

    private readonly GaussianPoints _points;
    private readonly double _shrinkage;
    private readonly MixtureComponent[] _components;
    private readonly double[] _weights;

    /// <summary>[N, K].</summary>
    private readonly double[] _responsibilities;

    private ExpectationMaximisation(GaussianPoints points, int components, double shrinkage)
    {
        _points = points;
        _shrinkage = shrinkage;
        _components = new MixtureComponent[components];
        _weights = new double[components];
        _responsibilities = new double[points.Count * components];
    }

    /// <summary>The objective after each iteration, in nats for each point.</summary>
    public List<double> Objective { get; } = new();

    public static ExpectationMaximisation Run(GaussianPoints points, int components, double shrinkage, GaussianMixtureOptions options)
    {
        var fit = new ExpectationMaximisation(points.Blurred(1e-3), components, shrinkage);
        fit.AssignToSeeds(options.Seed);
        fit.Maximise();
        for (int iteration = 0; iteration < options.MaxIterations; iteration++)
        {
            double objective = fit.Expect();
            fit.Objective.Add(objective);
            if (iteration > 0 && objective - fit.Objective[^2] < options.Tolerance)
            {
                break;
            }
            fit.Maximise();
        }
        return fit;
    }

    /// <summary>The mean over the points of ln Σ_k w_k exp(E ln N(z; m_k, S_k)), with z distributed as the point says.</summary>
    public double LogLikelihood(GaussianPoints points) =>
        Evaluate(points, shrinkage: 0, new double[points.Count * _components.Length]);

    public GaussianMixturePrior ToPrior()
    {
        static float[] Narrow(ReadOnlySpan<double> values)
        {
            var result = new float[values.Length];
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = (float)values[i];
            }
            return result;
        }
        return new GaussianMixturePrior(
            Narrow(_weights),
            _components.SelectMany(component => Narrow(component.Mean)).ToArray(),
            _components.SelectMany(component => Narrow(component.Cholesky)).ToArray());
    }

    private double Expect() => Evaluate(_points, _shrinkage, _responsibilities);

    /// <summary>Writes the responsibilities [N, K] and returns the mean log-likelihood.</summary>
    private double Evaluate(GaussianPoints points, double shrinkage, double[] responsibilities)
    {
        int components = _components.Length;
        var likelihoods = new double[points.Count];
        Parallel.For(0, points.Count, () => new double[points.Size], (n, _, scratch) =>
        {
            Span<double> row = responsibilities.AsSpan(n * components, components);
            double largest = double.NegativeInfinity;
            for (int k = 0; k < components; k++)
            {
                row[k] = Math.Log(_weights[k]) + _components[k].LogDensity(points.Mean(n), points.Variance(n), shrinkage, scratch);
                largest = Math.Max(largest, row[k]);
            }
            double sum = 0;
            for (int k = 0; k < components; k++)
            {
                row[k] = Math.Exp(row[k] - largest);
                sum += row[k];
            }
            for (int k = 0; k < components; k++)
            {
                row[k] /= sum;
            }
            likelihoods[n] = largest + Math.Log(sum);
            return scratch;
        }, _ => { });
        return likelihoods.Sum() / points.Count;
    }

    private void Maximise()
    {
        int components = _components.Length;
        Parallel.For(0, components, k =>
        {
            double Responsibility(int n) => _responsibilities[(n * components) + k];
            double total = 0;
            for (int n = 0; n < _points.Count; n++)
            {
                total += Responsibility(n);
            }
            _weights[k] = total / _points.Count;
            // A component that has lost all its points stays where it is, with no weight.
            _components[k] = MixtureComponent.Estimate(_points, Responsibility, _shrinkage) ?? _components[k];
        });
    }

    /// <summary>
    /// k-means++ (Arthur and Vassilvitskii 2007): each further centre is a point drawn with probability proportional to its squared
    /// distance to the nearest centre so far. Every point starts wholly with its nearest centre.
    /// </summary>
    private void AssignToSeeds(ulong seed)
    {
        int components = _components.Length;
        var nearest = new int[_points.Count];
        var distances = new double[_points.Count];
        Array.Fill(distances, double.PositiveInfinity);
        for (int k = 0; k < components; k++)
        {
            double uniform = Philox.Uniform(Philox.Draw(seed, (uint)k, 0, SeedingStream, 0).X);
            int centre = k == 0 ? Math.Min((int)(uniform * _points.Count), _points.Count - 1) : Draw(distances, uniform);
            for (int n = 0; n < _points.Count; n++)
            {
                double distance = SquaredDistance(_points.Mean(n), _points.Mean(centre));
                // A centre keeps its own point even if another lies in the same place, so that no component starts empty.
                if (n == centre || distance < distances[n])
                {
                    distances[n] = n == centre ? -1 : distance;
                    nearest[n] = k;
                }
            }
        }
        for (int n = 0; n < _points.Count; n++)
        {
            _responsibilities[(n * components) + nearest[n]] = 1;
        }
    }

    /// <summary>An index with probability proportional to its distance; when all are 0, the first point that is no centre.</summary>
    private static int Draw(double[] distances, double uniform)
    {
        double left = uniform * distances.Sum(distance => Math.Max(distance, 0));
        int last = Array.FindIndex(distances, distance => distance >= 0);
        for (int n = 0; n < distances.Length; n++)
        {
            if (distances[n] > 0)
            {
                last = n;
                left -= distances[n];
                if (left <= 0)
                {
                    break;
                }
            }
        }
        return last;
    }

    private static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        }
        return sum;
    }
}

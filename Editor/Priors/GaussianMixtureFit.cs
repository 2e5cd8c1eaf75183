using System.Collections.Generic;
using VaeProcgen.Runtime.Latents;

namespace VaeProcgen.Editor.Priors;

/// <summary>A fitted mixture and how it was chosen.</summary>
/// <param name="Prior">The mixture, fitted to all points.</param>
/// <param name="Candidates">What was compared, in order; empty when there were too few points to hold any out.</param>
/// <param name="Objective">What EM maximised, after each iteration of the final fit, in nats for each point; it never falls.</param>
public sealed record GaussianMixtureFit(
    GaussianMixturePrior Prior, IReadOnlyList<GaussianMixtureCandidate> Candidates, IReadOnlyList<double> Objective);

/// <summary>One mixture that was tried.</summary>
/// <param name="Components">K.</param>
/// <param name="Shrinkage">λ, the share by which covariances were shrunk towards their diagonal.</param>
/// <param name="HeldOutLogLikelihood">The mean log-likelihood of the points held out, in nats for each point: higher is better.</param>
public sealed record GaussianMixtureCandidate(int Components, double Shrinkage, double HeldOutLogLikelihood);

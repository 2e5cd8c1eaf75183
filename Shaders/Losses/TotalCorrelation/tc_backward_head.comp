// dmu_mj = beta_t / N sum_i g_imj (z_ij - mu_mj) / sigma_mj^2;
// dlog sigma_mj^2 = beta_t / N sum_i g_imj ((z_ij - mu_mj)^2 / sigma_mj^2 - 1) / 2,
// zero where clamped; g the weight of log q(z_ij | x_m) in the loss.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "step.glsl"
#include "posterior.glsl"
#include "gaussian_density.glsl"
#include "total_correlation.glsl"

OPERAND(0, Z)          // [BATCH, 4 LATENT4]
OPERAND(1, Head)       // [BATCH, 8 LATENT4] = (mu | log sigma^2)
OPERAND(2, Joint)      // [BATCH, BATCH] = log q(z_i | x_m)
OPERAND(3, LogSums)    // [BATCH, 1] = log sum_m q(z_i | x_m)
OPERAND(4, Marginal)   // [BATCH, 4 LATENT4] = log sum_m q(z_ij | x_m)
WORDS(5, Step)
RESULT(6, DHead)       // as Head, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * LATENT4) return;
    int m = index / LATENT4, j4 = index % LATENT4, at = m * 2 * LATENT4 + j4;
    vec4 mu = LOAD(Head, at), logVariance = clampLogVariance(LOAD(Head, at + LATENT4)), dMu = vec4(0.0), dLogVariance = vec4(0.0);
    for (int i = 0; i < BATCH; i++) {
        vec4 z = LOAD(Z, i * LATENT4 + j4), marginal = LOAD(Marginal, i * LATENT4 + j4);
        float joint = LOAD(Joint, i * BATCH4 + m / 4)[m % 4];
        vec4 weight = densityWeight(i, m, exp(logNormal(z, mu, logVariance) - marginal), exp(joint - LOAD(LogSums, i).x));
        dMu += weight * meanScore(z, mu, logVariance);
        dLogVariance += weight * varianceScore(z, mu, logVariance);
    }
    float scale = STEP_FLOAT(STEP_KL_WEIGHT) / float(BATCH);
    DHead[at] = scale * dMu;
    DHead[at + LATENT4] = scale * dLogVariance * insideLimit(LOAD(Head, at + LATENT4));
}

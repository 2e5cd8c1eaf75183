// dz_ij = beta_t / N (GAMMA z_ij - sum_m g_imj (z_ij - mu_mj) / sigma_mj^2), g the weight of log q(z_ij | x_m) in the loss.
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
RESULT(6, DZ)          // as Z, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * LATENT4) return;
    int i = index / LATENT4, j4 = index % LATENT4;
    vec4 z = LOAD(Z, index), marginal = LOAD(Marginal, index), sum = vec4(0.0);
    float logSum = LOAD(LogSums, i).x;
    for (int m = 0; m < BATCH; m++) {
        int at = m * 2 * LATENT4 + j4;
        vec4 mu = LOAD(Head, at), logVariance = clampLogVariance(LOAD(Head, at + LATENT4));
        float joint = LOAD(Joint, i * BATCH4 + m / 4)[m % 4];
        vec4 weight = densityWeight(i, m, exp(logNormal(z, mu, logVariance) - marginal), exp(joint - logSum));
        sum += weight * meanScore(z, mu, logVariance);
    }
    DZ[index] = STEP_FLOAT(STEP_KL_WEIGHT) / float(BATCH) * (GAMMA * z - sum);
}

// The score of a Gaussian, weighted and summed over the samples of an image:
//   dhead_n = SCALE sum_k w_r grad log N(z_r; head_n), r = n SAMPLES + k
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "posterior.glsl"
#include "gaussian_density.glsl"
layout(constant_id = 2) const int SAMPLES = 1;
layout(constant_id = 3) const float SCALE = 1.0;

OPERAND(0, Z)         // [BATCH SAMPLES, 4 LATENT4]
OPERAND(1, Head)      // [BATCH, 8 LATENT4] = (mu | log sigma^2)
OPERAND(2, Weights)   // [BATCH SAMPLES, 1]
RESULT(3, DHead)      // as Head, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * LATENT4) return;
    int image = index / LATENT4, j4 = index % LATENT4, at = image * 2 * LATENT4 + j4;
    vec4 mu = LOAD(Head, at), logVariance = clampLogVariance(LOAD(Head, at + LATENT4)), dMu = vec4(0.0), dLogVariance = vec4(0.0);
    for (int k = 0; k < SAMPLES; k++) {
        int row = image * SAMPLES + k;
        vec4 z = LOAD(Z, row * LATENT4 + j4);
        float weight = LOAD(Weights, row).x;
        dMu += weight * meanScore(z, mu, logVariance);
        dLogVariance += weight * varianceScore(z, mu, logVariance);
    }
    DHead[at] = SCALE * dMu;
    DHead[at + LATENT4] = SCALE * dLogVariance * insideLimit(LOAD(Head, at + LATENT4));
}

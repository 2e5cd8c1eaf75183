// Marginal[i, j] = log sum_m N(z_ij; mu_mj, sigma_mj^2)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "posterior.glsl"
#include "gaussian_density.glsl"

OPERAND(0, Z)          // [BATCH, 4 LATENT4]
OPERAND(1, Head)       // [BATCH, 8 LATENT4] = (mu | log sigma^2)
RESULT(2, Marginal)    // [BATCH, 4 LATENT4], written (=)

vec4 densityAt(vec4 z, int m, int j4) {
    int at = m * 2 * LATENT4 + j4;
    return logNormal(z, LOAD(Head, at), clampLogVariance(LOAD(Head, at + LATENT4)));
}

void main() {
    int index = elementIndex();
    if (index >= BATCH * LATENT4) return;
    int j4 = index % LATENT4;
    vec4 z = LOAD(Z, index), largest = densityAt(z, 0, j4), sum = vec4(0.0);
    for (int m = 1; m < BATCH; m++) largest = max(largest, densityAt(z, m, j4));
    for (int m = 0; m < BATCH; m++) sum += exp(densityAt(z, m, j4) - largest);
    Marginal[index] = largest + log(sum);
}

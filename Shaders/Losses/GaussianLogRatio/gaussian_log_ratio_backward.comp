// dz = dratio ((z - mu_p) / sigma_p^2 - (z - mu) / sigma^2)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "posterior.glsl"
#include "gaussian_density.glsl"
layout(constant_id = 2) const int SAMPLES = 1;
layout(constant_id = 3) const int HAS_PRIOR = 0;

OPERAND(0, Z)           // [BATCH SAMPLES, 4 LATENT4]
OPERAND(1, Head)        // [BATCH, 8 LATENT4] = (mu | log sigma^2)
OPERAND(2, PriorHead)   // as Head; read where HAS_PRIOR, else p is N(0, I)
OPERAND(3, DRatio)      // [BATCH SAMPLES, 1]
RESULT(4, DZ)           // as Z, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * SAMPLES * LATENT4) return;
    int row = index / LATENT4, at = row / SAMPLES * 2 * LATENT4 + index % LATENT4;
    vec4 z = LOAD(Z, index), prior = z;
    if (HAS_PRIOR != 0) prior = meanScore(z, LOAD(PriorHead, at), clampLogVariance(LOAD(PriorHead, at + LATENT4)));
    DZ[index] = LOAD(DRatio, row).x * (prior - meanScore(z, LOAD(Head, at), clampLogVariance(LOAD(Head, at + LATENT4))));
}

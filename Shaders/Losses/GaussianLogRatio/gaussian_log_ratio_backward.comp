// dz = dratio ((z - mu_p) / sigma_p^2 - (z - mu) / sigma^2)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "posterior.glsl"
#include "gaussian_density.glsl"
layout(constant_id = 2) const int SAMPLES = 1;
layout(constant_id = 3) const int HAS_PRIOR = 0;
layout(constant_id = 4) const int PRIOR_SAMPLES = 1;   // rows of z that share a row of the prior

OPERAND(0, Z)           // [BATCH SAMPLES, 4 LATENT4]
OPERAND(1, Head)        // [BATCH, 8 LATENT4] = (mu | log sigma^2)
OPERAND(2, PriorHead)   // [BATCH SAMPLES / PRIOR_SAMPLES, 8 LATENT4]; read where HAS_PRIOR, else p is N(0, I)
OPERAND(3, DRatio)      // [BATCH SAMPLES, 1]
RESULT(4, DZ)           // as Z, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * SAMPLES * LATENT4) return;
    int row = index / LATENT4, at = row / SAMPLES * 2 * LATENT4 + index % LATENT4, of = row / PRIOR_SAMPLES * 2 * LATENT4 + index % LATENT4;
    vec4 z = LOAD(Z, index), prior = z;
    if (HAS_PRIOR != 0) prior = meanScore(z, LOAD(PriorHead, of), clampLogVariance(LOAD(PriorHead, of + LATENT4)));
    DZ[index] = LOAD(DRatio, row).x * (prior - meanScore(z, LOAD(Head, at), clampLogVariance(LOAD(Head, at + LATENT4))));
}

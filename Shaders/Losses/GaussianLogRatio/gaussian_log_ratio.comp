// log q(z) - log p(z) = 1/2 sum (log sigma_p^2 - log sigma^2 + (z - mu_p)^2 / sigma_p^2 - (z - mu)^2 / sigma^2), a row a workgroup.
#version 450
#include "operands.glsl"
#include "reduce.glsl"
#include "posterior.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 2) const int SAMPLES = 1;
layout(constant_id = 3) const int HAS_PRIOR = 0;
layout(constant_id = 4) const int PRIOR_SAMPLES = 1;   // rows of z that share a row of the prior

OPERAND(0, Z)           // [BATCH SAMPLES, 4 LATENT4]
OPERAND(1, Head)        // [BATCH, 8 LATENT4] = (mu | log sigma^2)
OPERAND(2, PriorHead)   // [BATCH SAMPLES / PRIOR_SAMPLES, 8 LATENT4]; read where HAS_PRIOR, else p is N(0, I)
RESULT(3, Ratio)        // [BATCH SAMPLES, 1], written (=)

// grid: x = rows
void main() {
    int row = int(gl_WorkGroupID.x);
    vec4 sum = vec4(0.0);
    for (int j4 = int(gl_LocalInvocationID.x); j4 < LATENT4; j4 += 64) {
        int at = row / SAMPLES * 2 * LATENT4 + j4;
        vec4 z = LOAD(Z, row * LATENT4 + j4), logVariance = clampLogVariance(LOAD(Head, at + LATENT4)), d = z - LOAD(Head, at);
        vec4 prior = z * z;
        if (HAS_PRIOR != 0) {
            int of = row / PRIOR_SAMPLES * 2 * LATENT4 + j4;
            vec4 logPriorVariance = clampLogVariance(LOAD(PriorHead, of + LATENT4)), priorD = z - LOAD(PriorHead, of);
            prior = logPriorVariance + priorD * priorD * exp(-logPriorVariance);
        }
        sum += 0.5 * (prior - (logVariance + d * d * exp(-logVariance)));
    }
    sum = workgroupSum(vec4(sum.x + sum.y + sum.z + sum.w, 0.0, 0.0, 0.0));
    if (gl_LocalInvocationID.x == 0u) Ratio[row] = sum;
}

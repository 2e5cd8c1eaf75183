// KL(N(mu, sigma^2) || N(0, I)) = 1/2 sum (mu^2 + sigma^2 - log sigma^2 - 1) (Kingma & Welling 2013, appendix B): one partial a workgroup.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "reduce.glsl"
#include "posterior.glsl"

OPERAND(0, Head)       // [BATCH, 8 LATENT4] = (mu | log sigma^2)
RESULT(1, Partials)    // [workgroups, 4], written (=)

void main() {
    int index = elementIndex();
    vec4 kl = vec4(0.0);
    if (index < BATCH * LATENT4) {
        int at = index / LATENT4 * 2 * LATENT4 + index % LATENT4;
        vec4 mu = LOAD(Head, at), logVariance = clampLogVariance(LOAD(Head, at + LATENT4));
        kl = 0.5 * (mu * mu + exp(logVariance) - logVariance - 1.0);
    }
    kl = workgroupSum(vec4(kl.x + kl.y + kl.z + kl.w, 0.0, 0.0, 0.0));
    if (gl_LocalInvocationIndex == 0u) Partials[gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x] = kl;
}

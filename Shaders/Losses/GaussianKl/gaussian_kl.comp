// KL(q || p) of diagonal Gaussians, each dimension by itself (Kingma & Welling 2013, appendix B):
//   1/2 ((sigma_q^2 + (mu_q - mu_p)^2) / sigma_p^2 - log(sigma_q^2 / sigma_p^2) - 1),  p = N(0, I) where HAS_PRIOR is 0
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "posterior.glsl"
layout(constant_id = 2) const int HAS_PRIOR = 0;

OPERAND(0, Head)       // [BATCH, 8 LATENT4] = (mu | log sigma^2) of q
OPERAND(1, Prior)      // as Head, of p; read where HAS_PRIOR
RESULT(2, Kl)          // [BATCH, 4 LATENT4], written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * LATENT4) return;
    int at = index / LATENT4 * 2 * LATENT4 + index % LATENT4;
    vec4 mu = LOAD(Head, at), logVariance = clampLogVariance(LOAD(Head, at + LATENT4)), precision_ = vec4(1.0);
    if (HAS_PRIOR != 0) {
        vec4 logPrior = clampLogVariance(LOAD(Prior, at + LATENT4));
        mu -= LOAD(Prior, at);
        logVariance -= logPrior;
        precision_ = exp(-logPrior);
    }
    Kl[index] = 0.5 * (mu * mu * precision_ + exp(logVariance) - logVariance - 1.0);
}

// With m = mu_q - mu_p, d = m / sigma_p^2 and v = sigma_q^2 / sigma_p^2, times dKl, zero where clamped:
//   of q  dmu = d,  dlog sigma^2 = (v - 1) / 2;    of p (OF_PRIOR)  dmu = -d,  dlog sigma^2 = (1 - v - m d) / 2
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "posterior.glsl"
layout(constant_id = 2) const int HAS_PRIOR = 0;
layout(constant_id = 3) const int OF_PRIOR = 0;

OPERAND(0, Head)      // [BATCH, 8 LATENT4] = (mu | log sigma^2) of q
OPERAND(1, Prior)     // as Head, of p; read where HAS_PRIOR
OPERAND(2, DKl)       // [BATCH, 4 LATENT4]
RESULT(3, DHead)      // as Head, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * LATENT4) return;
    int at = index / LATENT4 * 2 * LATENT4 + index % LATENT4;
    vec4 m = LOAD(Head, at), raw = LOAD(Head, at + LATENT4), ratio = clampLogVariance(raw), precision_ = vec4(1.0), dKl = LOAD(DKl, index);
    vec4 inside = insideLimit(raw);
    if (HAS_PRIOR != 0) {
        vec4 rawPrior = LOAD(Prior, at + LATENT4), logPrior = clampLogVariance(rawPrior);
        m -= LOAD(Prior, at);
        ratio -= logPrior;
        precision_ = exp(-logPrior);
        if (OF_PRIOR != 0) inside = insideLimit(rawPrior);
    }
    vec4 d = m * precision_, v = exp(ratio);
    DHead[at] = OF_PRIOR != 0 ? -dKl * d : dKl * d;
    DHead[at + LATENT4] = 0.5 * dKl * inside * (OF_PRIOR != 0 ? 1.0 - v - m * d : v - 1.0);
}

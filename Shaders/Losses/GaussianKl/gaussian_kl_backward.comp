// With the weight beta of this step and a mean over the batch:  dmu = beta mu / N;  dlog sigma^2 = beta (sigma^2 - 1) / (2 N)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "step.glsl"
#include "posterior.glsl"

OPERAND(0, Head)      // [BATCH, 8 LATENT4] = (mu | log sigma^2)
WORDS(1, Step)
RESULT(2, DHead)      // as Head, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * LATENT4) return;
    int at = index / LATENT4 * 2 * LATENT4 + index % LATENT4;
    float weight = STEP_FLOAT(STEP_KL_WEIGHT) / float(BATCH);
    vec4 logVariance = LOAD(Head, at + LATENT4);
    DHead[at] = weight * LOAD(Head, at);
    DHead[at + LATENT4] = 0.5 * weight * (exp(clampLogVariance(logVariance)) - 1.0) * insideLimit(logVariance);
}

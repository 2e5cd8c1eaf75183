// z = mu + exp(log sigma^2 / 2) * epsilon, epsilon ~ N(0, I) (Kingma & Welling 2013, eq. 10). epsilon is kept for backward.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "philox.glsl"
#include "step.glsl"
#include "posterior.glsl"

OPERAND(0, Head)      // [BATCH, 8 LATENT4] = (mu | log sigma^2)
WORDS(1, Step)
RESULT(2, Z)          // [BATCH, 4 LATENT4], written (=)
RESULT(3, Epsilon)    // [BATCH, 4 LATENT4], written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * LATENT4) return;
    int at = index / LATENT4 * 2 * LATENT4 + index % LATENT4;
    vec4 epsilon = normal4(STEP_DRAW(STREAM_POSTERIOR, index));
    Epsilon[index] = epsilon;
    Z[index] = LOAD(Head, at) + exp(0.5 * clampLogVariance(LOAD(Head, at + LATENT4))) * epsilon;
}

// z = mu + exp(log sigma^2 / 2) * epsilon, epsilon ~ N(0, I) (Kingma & Welling 2013, eq. 10). epsilon is kept for backward.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "philox.glsl"
#include "step.glsl"
#include "posterior.glsl"
layout(constant_id = 2) const int SAMPLES = 1;    // rows of z an image
layout(constant_id = 3) const int CELLS = 1;      // Gaussians of one image, side by side
layout(constant_id = 4) const int STREAM = 2;

OPERAND(0, Head)      // [BATCH, CELLS, 8 LATENT4] = (mu | log sigma^2)
WORDS(1, Step)
RESULT(2, Z)          // [BATCH, SAMPLES, CELLS, 4 LATENT4], written (=)
RESULT(3, Epsilon)    // as Z, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * SAMPLES * CELLS * LATENT4) return;
    int at = (index / LATENT4 / CELLS / SAMPLES * CELLS + index / LATENT4 % CELLS) * 2 * LATENT4 + index % LATENT4;
    vec4 epsilon = normal4(STEP_DRAW(uint(STREAM), index));
    Epsilon[index] = epsilon;
    Z[index] = LOAD(Head, at) + exp(0.5 * clampLogVariance(LOAD(Head, at + LATENT4))) * epsilon;
}

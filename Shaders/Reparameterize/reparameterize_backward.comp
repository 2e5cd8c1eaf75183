// dmu = dz;  dlog sigma^2 = dz * epsilon * sigma / 2, zero where log sigma^2 is clamped.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "posterior.glsl"

OPERAND(0, Head)      // [BATCH, 8 LATENT4] = (mu | log sigma^2)
OPERAND(1, Epsilon)   // [BATCH, 4 LATENT4]
OPERAND(2, DZ)        // [BATCH, 4 LATENT4]
RESULT(3, DHead)      // as Head, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * LATENT4) return;
    int at = index / LATENT4 * 2 * LATENT4 + index % LATENT4;
    vec4 dz = LOAD(DZ, index), logVariance = LOAD(Head, at + LATENT4);
    DHead[at] = dz;
    DHead[at + LATENT4] = 0.5 * dz * LOAD(Epsilon, index) * exp(0.5 * clampLogVariance(logVariance)) * insideLimit(logVariance);
}

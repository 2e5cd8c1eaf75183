// Summed over the samples:  dmu = dz;  dlog sigma^2 = dz * epsilon * sigma / 2, zero where log sigma^2 is clamped.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "posterior.glsl"
layout(constant_id = 2) const int SAMPLES = 1;
layout(constant_id = 3) const int CELLS = 1;

OPERAND(0, Head)      // [BATCH, CELLS, 8 LATENT4] = (mu | log sigma^2)
OPERAND(1, Epsilon)   // [BATCH, SAMPLES, CELLS, 4 LATENT4]
OPERAND(2, DZ)        // as Epsilon
RESULT(3, DHead)      // as Head, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * CELLS * LATENT4) return;
    int n = index / LATENT4 / CELLS, cell = index / LATENT4 % CELLS, c = index % LATENT4, at = (n * CELLS + cell) * 2 * LATENT4 + c;
    vec4 dMean = vec4(0.0), dDeviation = vec4(0.0), logVariance = LOAD(Head, at + LATENT4);
    for (int k = 0; k < SAMPLES; k++) {
        int row = ((n * SAMPLES + k) * CELLS + cell) * LATENT4 + c;
        vec4 dz = LOAD(DZ, row);
        dMean += dz;
        dDeviation += dz * LOAD(Epsilon, row);
    }
    DHead[at] = dMean;
    DHead[at + LATENT4] = 0.5 * dDeviation * exp(0.5 * clampLogVariance(logVariance)) * insideLimit(logVariance);
}

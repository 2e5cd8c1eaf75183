// Per image and channel: Mean[n, c] = mean over pixels of X[n, ., c]; M2[n, c] = sum over pixels of (X - Mean)^2.
// Two passes, so that a large mean does not cancel the variance away.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int PIXELS = 1;     // of one image
layout(constant_id = 2) const int C4 = 1;

OPERAND(0, X)     // [BATCH, PIXELS, 4 C4]
RESULT(1, Mean)   // [BATCH, 4 C4], written (=)
RESULT(2, M2)     // [BATCH, 4 C4], written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * C4) return;
    int base = index / C4 * PIXELS * C4 + index % C4;
    vec4 sum = vec4(0.0);
    for (int p = 0; p < PIXELS; p++) sum += LOAD(X, base + p * C4);
    vec4 mean = sum / float(PIXELS), squares = vec4(0.0);
    for (int p = 0; p < PIXELS; p++) { vec4 d = LOAD(X, base + p * C4) - mean; squares += d * d; }
    Mean[index] = mean;
    M2[index] = squares;
}

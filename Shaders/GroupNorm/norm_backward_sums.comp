// Per image and channel, with xhat = (X - GroupMean) * GroupRstd:
//   SumDY[n, c] = sum over pixels of dY;   SumDYXhat[n, c] = sum over pixels of dY * xhat
// Their sums over n are dBeta and dGamma.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "norm_channels.glsl"

OPERAND(0, X)            // [BATCH, PIXELS, CHANNELS]
OPERAND(1, DY)           // as X
OPERAND(2, GroupMean)    // [BATCH, CHANNELS]
OPERAND(3, GroupRstd)    // [BATCH, CHANNELS]
RESULT(4, SumDY)         // [BATCH, CHANNELS], written (=)
RESULT(5, SumDYXhat)     // [BATCH, CHANNELS], written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * C4) return;
    int base = index / C4 * PIXELS * C4 + index % C4;
    vec4 mean = LOAD(GroupMean, index), rstd = LOAD(GroupRstd, index), sum = vec4(0.0), weighted = vec4(0.0);
    for (int p = 0; p < PIXELS; p++) {
        vec4 dy = LOAD(DY, base + p * C4);
        sum += dy;
        weighted += dy * (LOAD(X, base + p * C4) - mean) * rstd;
    }
    SumDY[index] = sum;
    SumDYXhat[index] = weighted;
}

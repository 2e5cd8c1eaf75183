// Per image and channel, with xhat = (X - GroupMean) * GroupRstd:
//   SumDV[n, c] = sum over pixels of dV;   SumDVXhat[n, c] = sum over pixels of dV * xhat;   dV = dY * activation'
// Their sums over n are dBeta and dGamma.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "norm_channels.glsl"
#include "activations.glsl"
#include "norm_activation.glsl"

OPERAND(0, X)            // [BATCH, PIXELS, CHANNELS]
OPERAND(1, DY)           // as X
OPERAND(2, GroupMean)    // [BATCH, CHANNELS]
OPERAND(3, GroupRstd)    // [BATCH, CHANNELS]
OPERAND(4, Gamma)        // [CHANNELS]
OPERAND(5, Beta)         // [CHANNELS]
RESULT(6, SumDV)         // [BATCH, CHANNELS], written (=)
RESULT(7, SumDVXhat)     // [BATCH, CHANNELS], written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * C4) return;
    int base = index / C4 * PIXELS * C4 + index % C4;
    vec4 mean = LOAD(GroupMean, index), rstd = LOAD(GroupRstd, index), gamma = LOAD(Gamma, index % C4), beta = LOAD(Beta, index % C4);
    vec4 sum = vec4(0.0), weighted = vec4(0.0);
    for (int p = 0; p < PIXELS; p++) {
        vec4 x = LOAD(X, base + p * C4);
        vec4 dv = slopedGradient(LOAD(DY, base + p * C4), normalized(x, mean, rstd, gamma, beta));
        sum += dv;
        weighted += dv * (x - mean) * rstd;
    }
    SumDV[index] = sum;
    SumDVXhat[index] = weighted;
}

// dX = GroupRstd * (Gamma * dV - MeanDXhat - xhat * MeanDXhatXhat),  xhat = (X - GroupMean) * GroupRstd,  dV = dY * activation'
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
#include "norm_channels.glsl"
#include "norm_activation.glsl"

OPERAND(0, X)                  // [BATCH, PIXELS, CHANNELS]
OPERAND(1, DY)                 // as X
OPERAND(2, GroupMean)          // [BATCH, CHANNELS]
OPERAND(3, GroupRstd)          // [BATCH, CHANNELS]
OPERAND(4, Gamma)              // [CHANNELS]
OPERAND(5, Beta)               // [CHANNELS]
OPERAND(6, MeanDXhat)          // [BATCH, CHANNELS]
OPERAND(7, MeanDXhatXhat)      // [BATCH, CHANNELS]
RESULT(8, DX)                  // as X, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * PIXELS * C4) return;
    int c = index % C4, at = index / (PIXELS * C4) * C4 + c;
    vec4 x = LOAD(X, index), mean = LOAD(GroupMean, at), rstd = LOAD(GroupRstd, at), gamma = LOAD(Gamma, c), xhat = (x - mean) * rstd;
    vec4 dv = slopedGradient(LOAD(DY, index), normalized(x, mean, rstd, gamma, LOAD(Beta, c)));
    vec4 dx = rstd * (gamma * dv - LOAD(MeanDXhat, at) - xhat * LOAD(MeanDXhatXhat, at));
    DX[index] = dx * channelMask(c, CHANNELS);
}

// dX = GroupRstd * (Gamma * dY - MeanDXhat - xhat * MeanDXhatXhat),  xhat = (X - GroupMean) * GroupRstd
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
#include "norm_channels.glsl"

OPERAND(0, X)                  // [BATCH, PIXELS, CHANNELS]
OPERAND(1, DY)                 // as X
OPERAND(2, GroupMean)          // [BATCH, CHANNELS]
OPERAND(3, GroupRstd)          // [BATCH, CHANNELS]
OPERAND(4, Gamma)              // [CHANNELS]
OPERAND(5, MeanDXhat)          // [BATCH, CHANNELS]
OPERAND(6, MeanDXhatXhat)      // [BATCH, CHANNELS]
RESULT(7, DX)                  // as X, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * PIXELS * C4) return;
    int c = index % C4, at = index / (PIXELS * C4) * C4 + c;
    vec4 rstd = LOAD(GroupRstd, at), xhat = (LOAD(X, index) - LOAD(GroupMean, at)) * rstd;
    vec4 dx = rstd * (LOAD(Gamma, c) * LOAD(DY, index) - LOAD(MeanDXhat, at) - xhat * LOAD(MeanDXhatXhat, at));
    DX[index] = dx * channelMask(c, CHANNELS);
}

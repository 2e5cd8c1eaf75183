// Y = activation((X - GroupMean) * GroupRstd * Gamma + Beta)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "norm_channels.glsl"
#include "activations.glsl"
#include "norm_activation.glsl"

OPERAND(0, X)           // [BATCH, PIXELS, CHANNELS]
OPERAND(1, GroupMean)   // [BATCH, CHANNELS]
OPERAND(2, GroupRstd)   // [BATCH, CHANNELS]
OPERAND(3, Gamma)       // [CHANNELS]
OPERAND(4, Beta)        // [CHANNELS]
RESULT(5, Y)            // as X, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * PIXELS * C4) return;
    int c = index % C4, at = index / (PIXELS * C4) * C4 + c;
    vec4 v = normalized(LOAD(X, index), LOAD(GroupMean, at), LOAD(GroupRstd, at), LOAD(Gamma, c), LOAD(Beta, c));
    Y[index] = activate(v, ACTIVATION) * channelMask(c, CHANNELS);
}

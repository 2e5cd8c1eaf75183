// Y = activation(X)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
layout(constant_id = 0) const int COUNT4 = 1;
layout(constant_id = 1) const int CHANNELS = 4;
layout(constant_id = 2) const int ACTIVATION = 0;

OPERAND(0, X)   // [.., CHANNELS]
RESULT(1, Y)    // as X, written (=)

void main() {
    int index = elementIndex();
    if (index >= COUNT4) return;
    Y[index] = activate(LOAD(X, index), ACTIVATION) * channelMask(index % ((CHANNELS + 3) / 4), CHANNELS);
}

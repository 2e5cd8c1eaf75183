// DX = the first channels of DY; the padding of X has no gradient.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
layout(constant_id = 0) const int COUNT4 = 1;
layout(constant_id = 1) const int CHANNELS = 4;    // of X
layout(constant_id = 2) const int E4 = 1;

const int C4 = (CHANNELS + 3) / 4;

OPERAND(0, DY)     // [pixels, 4 C4 + 4 E4]
RESULT(1, DX)      // [pixels, CHANNELS], written (=)

void main() {
    int index = elementIndex();
    if (index >= COUNT4) return;
    DX[index] = LOAD(DY, index / C4 * (C4 + E4) + index % C4) * channelMask(index % C4, CHANNELS);
}

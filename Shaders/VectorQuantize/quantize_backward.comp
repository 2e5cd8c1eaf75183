// Straight through, and the pull towards the code:  dEncoded = dQuantized + SCALE (Encoded - Quantized)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int COUNT4 = 1;
layout(constant_id = 1) const float SCALE = 0.0;

OPERAND(0, Encoded)      // [4 COUNT4]
OPERAND(1, Quantized)    // as Encoded
OPERAND(2, DQuantized)   // as Encoded
RESULT(3, DEncoded)      // as Encoded, written (=)

void main() {
    int index = elementIndex();
    if (index >= COUNT4) return;
    DEncoded[index] = LOAD(DQuantized, index) + SCALE * (LOAD(Encoded, index) - LOAD(Quantized, index));
}

// dX = dY * activation'(.), from the output Y, or from the input X for SiLU (see activationSlope).
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
layout(constant_id = 0) const int COUNT4 = 1;
layout(constant_id = 1) const int ACTIVATION = 0;

OPERAND(0, DY)        // gradient of the output
OPERAND(1, Value)     // the output; SiLU: the input
RESULT(2, DX)         // as DY, written (=)

void main() {
    int index = elementIndex();
    if (index >= COUNT4) return;
    DX[index] = LOAD(DY, index) * activationSlope(LOAD(Value, index), ACTIVATION);
}

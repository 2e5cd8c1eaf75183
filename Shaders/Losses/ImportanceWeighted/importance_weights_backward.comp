// dx_r = w~_r / N
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const float PER_IMAGE = 1.0;   // 1 / N

OPERAND(0, Weights)   // [ROWS, 1]
RESULT(1, DX)         // [ROWS, 1], written (=)

void main() {
    int index = elementIndex();
    if (index < ROWS) DX[index] = LOAD(Weights, index) * PER_IMAGE;
}

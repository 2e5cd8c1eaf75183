// dx_r = w_r dy_r for each row r.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int COUNT4 = 1;
layout(constant_id = 1) const int ROW4 = 1;   // vec4s of a row

OPERAND(0, Weights)   // [rows, 1]
OPERAND(1, DY)        // [rows, ..]
RESULT(2, DX)         // as DY, written (=)

void main() {
    int index = elementIndex();
    if (index < COUNT4) DX[index] = LOAD(Weights, index / ROW4).x * LOAD(DY, index);
}

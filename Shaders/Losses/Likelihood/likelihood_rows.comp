// Statistics[row] = sum of the row's partial sums, in their order.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const int PARTS = 1;

OPERAND(0, Partials)     // [ROWS, PARTS, 4]
RESULT(1, Statistics)    // [ROWS, 4], written (=)

void main() {
    int row = elementIndex();
    if (row >= ROWS) return;
    vec4 sum = vec4(0.0);
    for (int i = 0; i < PARTS; i++) sum += LOAD(Partials, row * PARTS + i);
    Statistics[row] = sum;
}

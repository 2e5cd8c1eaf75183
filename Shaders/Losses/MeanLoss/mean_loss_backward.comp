// dRows = 1 / ROWS
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int ROWS = 1;

RESULT(0, DRows)    // [ROWS, 1], written (=)

void main() {
    int row = elementIndex();
    if (row < ROWS) DRows[row] = vec4(1.0 / float(ROWS), 0.0, 0.0, 0.0);
}

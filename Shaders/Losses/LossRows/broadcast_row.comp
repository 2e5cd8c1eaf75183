// Y[p, c] = Row[c] for each row p: the gradient of a sum over rows.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int COUNT4 = 1;
layout(constant_id = 1) const int C4 = 1;

OPERAND(0, Row)   // [4 C4]
RESULT(1, Y)      // [.., 4 C4], written (=)

void main() {
    int index = elementIndex();
    if (index < COUNT4) Y[index] = LOAD(Row, index % C4);
}

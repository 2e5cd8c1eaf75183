// Y = A + B
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int COUNT4 = 1;

OPERAND(0, A)
OPERAND(1, B)   // as A
RESULT(2, Y)    // as A, written (=); may be A or B

void main() {
    int index = elementIndex();
    if (index >= COUNT4) return;
    Y[index] = LOAD(A, index) + LOAD(B, index);
}

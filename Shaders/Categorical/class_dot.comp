// The dot product of A and B over the classes of each categorical variable: (A B, 0, 0, 0).
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "categorical.glsl"

OPERAND(0, A)          // [rows, variables CLASSES]
OPERAND(1, B)          // as A
RESULT(2, Dots)        // [rows, variables, 4], written (=)

void main() {
    int index = elementIndex();
    if (index >= VARIABLES) return;
    float dot_ = 0.0;
    for (int c = 0; c < CLASSES; c++) {
        int element = index * CLASSES + c;
        dot_ += LOAD(A, element / 4)[element % 4] * LOAD(B, element / 4)[element % 4];
    }
    Dots[index] = vec4(dot_, 0.0, 0.0, 0.0);
}

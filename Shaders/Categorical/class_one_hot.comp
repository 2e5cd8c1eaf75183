// 1 at the class of the largest score of each categorical variable, the first of equals, and 0 elsewhere.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "categorical.glsl"

OPERAND(0, Statistics)     // [rows, variables, 4], of class_statistics
RESULT(1, Hot)             // [rows, variables CLASSES], written (=)

void main() {
    int index = elementIndex();
    if (index >= COUNT4) return;
    vec4 hot;
    [[unroll]] for (int i = 0; i < 4; i++) {
        int element = 4 * index + i;
        hot[i] = int(LOAD(Statistics, element / CLASSES).w) == element % CLASSES ? 1.0 : 0.0;
    }
    Hot[index] = hot;
}

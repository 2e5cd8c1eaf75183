// Y[i] = sum over j of Partials[j, i], in the order of j.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int COUNT4 = 1;
layout(constant_id = 1) const int PARTS = 1;

OPERAND(0, Partials)   // [PARTS, 4 COUNT4]
RESULT(1, Y)           // [4 COUNT4], written (=)

void main() {
    int index = elementIndex();
    if (index >= COUNT4) return;
    vec4 sum = vec4(0.0);
    for (int j = 0; j < PARTS; j++) sum += LOAD(Partials, j * COUNT4 + index);
    Y[index] = sum;
}

// dl = dkl q (log q - sum q log q) = dkl q ((l - max l) - sum q (l - max l)), q = exp(l - max l) / S
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "categorical.glsl"
layout(constant_id = 2) const int ROW_VARIABLES = 1;

OPERAND(0, Logits)         // [rows, ROW_VARIABLES CLASSES]
OPERAND(1, Statistics)     // [rows, ROW_VARIABLES, 4], of class_statistics
OPERAND(2, DKl)            // [rows, ROW_VARIABLES]
RESULT(3, DLogits)         // as Logits, written (=)

const int ROW_VARIABLES4 = (ROW_VARIABLES + 3) / 4;

void main() {
    int index = elementIndex();
    if (index >= COUNT4) return;
    vec4 logits = LOAD(Logits, index), gradient;
    [[unroll]] for (int i = 0; i < 4; i++) {
        int variable = (4 * index + i) / CLASSES, column = variable % ROW_VARIABLES;
        vec4 of = LOAD(Statistics, variable);
        float below = logits[i] - of.x;
        float dKl = LOAD(DKl, variable / ROW_VARIABLES * ROW_VARIABLES4 + column / 4)[column % 4];
        gradient[i] = dKl * (exp(below) / of.y) * (below - of.z);
    }
    DLogits[index] = gradient;
}

// KL(q || uniform) = sum q log q + log C = sum q (l - max l) + log(C / S), S = sum exp(l - max l), of each categorical variable.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const int VARIABLES = 1;   // of a row
layout(constant_id = 2) const int CLASSES = 4;

const int VARIABLES4 = (VARIABLES + 3) / 4;

OPERAND(0, Statistics)     // [ROWS, VARIABLES, 4], of class_statistics
RESULT(1, Kl)              // [ROWS, VARIABLES], written (=)

void main() {
    int index = elementIndex();
    if (index >= ROWS * VARIABLES4) return;
    vec4 kl = vec4(0.0);
    [[unroll]] for (int i = 0; i < 4; i++) {
        int variable = index % VARIABLES4 * 4 + i;
        vec4 of = LOAD(Statistics, index / VARIABLES4 * VARIABLES + min(variable, VARIABLES - 1));
        // Rounding must not take it below 0.
        if (variable < VARIABLES) kl[i] = max(of.z + log(float(CLASSES) / of.y), 0.0);
    }
    Kl[index] = kl;
}

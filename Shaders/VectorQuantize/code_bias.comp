// Bias[k] = -|e_k|^2 / 2: z . e_k + Bias[k] is largest for the code that is nearest to z.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int CODES = 8;
layout(constant_id = 1) const int D4 = 1;

OPERAND(0, Codebook)   // [CODES, 4 D4], zero rows up to a multiple of 4
RESULT(1, Bias)        // [CODES], written (=)

// grid: elementwise over CODES / 4, rounded up
void main() {
    int index = elementIndex();
    if (4 * index >= CODES) return;
    vec4 squares = vec4(0.0);
    for (int d = 0; d < D4; d++) {
        [[unroll]] for (int i = 0; i < 4; i++) { vec4 e = LOAD(Codebook, (4 * index + i) * D4 + d); squares[i] += dot(e, e); }
    }
    Bias[index] = -0.5 * squares;
}

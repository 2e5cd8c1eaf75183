// Y[t, k, c] = X[t, c, k] for every tap t: the weight as the opposite direction of the convolution wants it.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int TAPS = 1;
layout(constant_id = 1) const int C4 = 1;
layout(constant_id = 2) const int K4 = 1;

OPERAND(0, X)   // [TAPS, 4 C4, 4 K4]
RESULT(1, Y)    // [TAPS, 4 K4, 4 C4], written (=)

// One invocation turns a 4x4 block. grid: elementwise over TAPS * C4 * K4
void main() {
    int index = elementIndex();
    if (index >= TAPS * C4 * K4) return;
    int c = index % C4, k = index / C4 % K4, t = index / (C4 * K4);
    int from = (t * C4 + c) * 4 * K4 + k, to = (t * K4 + k) * 4 * C4 + c;
    mat4 block = mat4(LOAD(X, from), LOAD(X, from + K4), LOAD(X, from + 2 * K4), LOAD(X, from + 3 * K4));
    mat4 turned = transpose(block);
    [[unroll]] for (int i = 0; i < 4; i++) Y[to + i * C4] = turned[i];
}

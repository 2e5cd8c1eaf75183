// The weight gradient of a convolution of kernel 4, stride 2 and pad 1 from the products of conv_winograd_weight_gradient:
//   DWeight[2 t + p, c, k] = sum over chunks, a in {t, t + 1} of Partials[chunk, p, a, c, k],   rows and columns alike
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int C4 = 1;
layout(constant_id = 1) const int K4 = 1;
layout(constant_id = 2) const int CHUNKS = 1;

OPERAND(0, Partials)   // [CHUNKS, 4, 9, 4 C4, 4 K4]
RESULT(1, DWeight)     // [4, 4, 4 C4, 4 K4], written (=)

// One invocation makes four columns of a part's four taps. grid: elementwise over 4 * 4 * C4 * K4
void main() {
    int count4 = 4 * C4 * K4;
    int index = elementIndex();
    if (index >= 4 * count4) return;
    int part = index / count4, at = index % count4;
    vec4 products[9];
    [[unroll]] for (int i = 0; i < 9; i++) products[i] = vec4(0.0);
    for (int chunk = 0; chunk < CHUNKS; chunk++)
        [[unroll]] for (int i = 0; i < 9; i++) products[i] += LOAD(Partials, ((chunk * 4 + part) * 9 + i) * count4 + at);
    [[unroll]] for (int t = 0; t < 4; t++) {
        int p = 3 * (t / 2) + t % 2, r = 2 * (t / 2) + part / 2, s = 2 * (t % 2) + part % 2;
        DWeight[(4 * r + s) * count4 + at] = (products[p] + products[p + 1]) + (products[p + 3] + products[p + 4]);
    }
}

// The weight of a convolution of kernel 4, stride 2 and pad 1 as conv_winograd wants it (Include/winograd.glsl):
//   Y[part, 3 a + b, c, k] = sum over t in T(a), u in T(b) of g[t, u, c, k] of the part,   T(0) = {0}, T(1) = {0, 1}, T(2) = {1}
// Adjoint, the input is [tap, k, c].
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int C4 = 1;
layout(constant_id = 1) const int K4 = 1;
layout(constant_id = 2) const int ADJOINT = 0;

OPERAND(0, X)   // [4, 4, 4 C4, 4 K4], adjoint [4, 4, 4 K4, 4 C4]
RESULT(1, Y)    // [4, 9, 4 C4, 4 K4], written (=)

// One invocation makes a 4x4 block of all nine, for one part. grid: elementwise over 4 * C4 * K4
void main() {
    int index = elementIndex();
    if (index >= 4 * C4 * K4) return;
    int c = index % C4, k = index / C4 % K4, part = index / (C4 * K4);
    mat4 g[4];
    [[unroll]] for (int t = 0; t < 4; t++) {
        ivec2 step_ = 2 * ivec2(t / 2, t % 2), p = ivec2(part / 2, part % 2), rs = ADJOINT != 0 ? 3 - p - step_ : step_ + p;
        int tap = rs.x * 4 + rs.y, width = ADJOINT != 0 ? C4 : K4;
        int at = 16 * C4 * K4 / 4 * tap + (ADJOINT != 0 ? 4 * k * C4 + c : 4 * c * K4 + k);
        g[t] = mat4(LOAD(X, at), LOAD(X, at + width), LOAD(X, at + 2 * width), LOAD(X, at + 3 * width));
        if (ADJOINT != 0) g[t] = transpose(g[t]);
    }
    mat4 rows[3][2] = mat4[3][2](mat4[2](g[0], g[1]), mat4[2](g[0] + g[2], g[1] + g[3]), mat4[2](g[2], g[3]));
    [[unroll]] for (int a = 0; a < 3; a++) {
        mat4 products[3] = mat4[3](rows[a][0], rows[a][0] + rows[a][1], rows[a][1]);
        [[unroll]] for (int b = 0; b < 3; b++) [[unroll]] for (int i = 0; i < 4; i++)
            Y[((part * 9 + 3 * a + b) * 4 * C4 + 4 * c + i) * K4 + k] = products[b][i];
    }
}

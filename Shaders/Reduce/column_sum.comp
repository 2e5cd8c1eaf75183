// Partials[chunk, c] = sum over the pixels p of the chunk of X[p, c]: the bias gradient, before the partials are added up.
#version 450
#include "operands.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int PIXELS = 1;
layout(constant_id = 1) const int C4 = 1;
layout(constant_id = 2) const int CHUNK = 256;     // pixels a chunk, a multiple of 8

OPERAND(0, X)        // [PIXELS, 4 C4]
RESULT(1, Partials)  // [chunks, 4 C4], written (=)

shared vec4 strips[64];

// 8 vec4 columns x 8 strips of pixels. grid: x = chunks, y = groups of 8 columns
void main() {
    int lane = int(gl_LocalInvocationID.x) % 8, strip = int(gl_LocalInvocationID.x) / 8;
    int column = int(gl_WorkGroupID.y) * 8 + lane;
    int first = int(gl_WorkGroupID.x) * CHUNK + strip * (CHUNK / 8), last = min(first + CHUNK / 8, PIXELS);
    vec4 sum = vec4(0.0);
    for (int p = first; p < last; p++) sum += LOAD(X, p * C4 + min(column, C4 - 1));
    strips[gl_LocalInvocationID.x] = sum;
    barrier();
    if (strip == 0 && column < C4) {
        for (int i = 1; i < 8; i++) sum += strips[i * 8 + lane];
        Partials[int(gl_WorkGroupID.x) * C4 + column] = sum;
    }
}

// Weight gradient of a convolution, split over pixels into partial sums:
//   Partials[chunk, t, c, k] = sum over output pixels p of the chunk of  X[source(p, t), c] * DY[p, k]
// For ConvTranspose2d the roles swap: X is the gradient of the large side, DY the small-side input (its weight is the adjoint's).
#version 450
#include "operands.glsl"
#include "conv_geometry.glsl"
layout(constant_id = 12) const int CHUNK = 256;    // pixels a chunk, a multiple of 4
layout(constant_id = 13) const int HALF_OPERANDS = 0;
layout(constant_id = 14) const int GRADIENT = 0;   // which of X and DY is one

OPERAND(0, X)        // [BATCH, IN_H, IN_W, 4 IN_C4]
OPERAND(1, DY)       // [BATCH, OUT_H, OUT_W, OUT_C]
RESULT(2, Partials)  // [chunks, KERNEL * KERNEL * 4 IN_C4, 4 OUT_C4], written (=)
OPERAND(3, LossScale)   // [4], of mixed precision

#include "half_operands.glsl"

const int TAPS_C4 = KERNEL * KERNEL * IN_C4;

vec4 inputAt(int pixel, Taps taps, int tapC4) {
    Row row = rowAt(pixel);
    if (tapC4 >= TAPS_C4) row.image = -1;
    return LOAD(X, sourcePixel(row, taps, min(tapC4, TAPS_C4 - 1) / IN_C4) * IN_C4 + tapC4 % IN_C4);
}

// grid: x = tiles of (tap, channel), y = tiles of columns, z = chunks
#if PATH_TEXEL

// A tile is 32 (tap, channel) rows by 32 columns on 8 lanes: both operands are fetched pixel by pixel, 4 of each a lane.
layout(local_size_x = 8) in;

void main() {
    int lane = int(gl_LocalInvocationID.x);
    int tapC4 = int(gl_WorkGroupID.x) * 8 + lane;
    int j4 = int(gl_WorkGroupID.y) * 8 + lane;
    int column = min(j4, OUT_C4 - 1);
    Taps taps = tapsOf(ivec2(0));
    float scale = lossScale();
    vec4 sums[32];
    [[unroll]] for (int i = 0; i < 32; i++) sums[i] = vec4(0.0);
    int first = int(gl_WorkGroupID.z) * CHUNK, last = min(first + CHUNK, ROWS);
    for (int p = first; p < last; p += 4) {
        vec4 x[4], dy[4];
        [[unroll]] for (int u = 0; u < 4; u++) {
            x[u] = firstOperand(inputAt(p + u, taps, tapC4), scale);
            dy[u] = secondOperand(LOAD(DY, min(p + u, ROWS) * OUT_C4 + column), scale);
        }
        [[unroll]] for (int i = 0; i < 32; i++) {
            vec4 s = sums[i];
            [[unroll]] for (int u = 0; u < 4; u++) s += subgroupShuffle(x[u][i & 3], i >> 2) * dy[u];
            sums[i] = s;
        }
    }
    int block = int(gl_WorkGroupID.z) * TAPS_C4 * 4;
    [[unroll]] for (int i = 0; i < 32; i++) {
        int row = int(gl_WorkGroupID.x) * 32 + i;
        if (row < TAPS_C4 * 4 && j4 < OUT_C4) Partials[(block + row) * OUT_C4 + j4] = sums[i] * (1.0 / scale);
    }
}

#else
#include "tile.glsl"

void main() {
    // The grid counts the smaller tiles of the texel path.
    if (int(gl_WorkGroupID.x) * 16 >= TAPS_C4 || int(gl_WorkGroupID.y) * 16 >= OUT_C4) return;
    int lane = int(gl_LocalInvocationIndex);
    int column = int(gl_WorkGroupID.y) * 16 + lane % 16;
    int tapC4 = int(gl_WorkGroupID.x) * 16 + lane % 16;
    Taps taps = tapsOf(ivec2(0));
    int first = int(gl_WorkGroupID.z) * CHUNK, last = min(first + CHUNK, ROWS);
    float scale = lossScale();
    tileClear();
    for (int p = first; p < last; p += 16) {
        int mine = p + lane / 16;
        vec4 x = mine < last ? inputAt(mine, taps, tapC4) : vec4(0.0);
        vec4 dy = mine < last && column < OUT_C4 ? LOAD(DY, mine * OUT_C4 + column) : vec4(0.0);
        x = firstOperand(x, scale);
        [[unroll]] for (int i = 0; i < 4; i++) stageA(lane / 16, (lane % 16) * 4 + i, x[i]);
        stageB(lane / 16, lane % 16, secondOperand(dy, scale));
        tileMultiply();
    }
    tileFinish();
    int block = int(gl_WorkGroupID.z) * TAPS_C4 * 4;
    [[unroll]] for (int i = 0; i < 4; i++) {
        int row = int(gl_WorkGroupID.x) * 64 + (lane / 16) * 4 + i;
        if (row < TAPS_C4 * 4 && column < OUT_C4) Partials[(block + row) * OUT_C4 + column] = tileSums[i] * (1.0 / scale);
    }
}
#endif

// Weight gradient of a convolution, split over pixels into partial sums:
//   Partials[chunk, t, c, k] = sum over output pixels p of the chunk of  X[source(p, t), c] * DY[p, k]
// For ConvTranspose2d the roles swap: X is the gradient of the large side, DY the small-side input (its weight is the adjoint's).
// @variant texel TILE 32
// @variant shared TILE 64064 32064 64032 32032 128064
// @variant matrix TILE 64064 32064 64032 32032
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

// A vec4 of channels at a tap, of which the product has rows. Past the last one every pixel reads some other: nothing is stored there.
Tap tapC4At(int index) {
    Tap tap = tapAt(tapsOf(ivec2(0)), min(index, TAPS_C4 - 1) / IN_C4);
    tap.index += index % IN_C4;
    return tap;
}

// grid: x = tiles of (tap, channel), y = tiles of columns, z = chunks
#if PATH_TEXEL

#include "tile_texel_outer.glsl"

void main() {
    int lane = int(gl_LocalInvocationID.x);
    Tap tap = tapC4At(int(gl_WorkGroupID.x) * 8 + lane);   // not in the loop: no one takes it out of there
    int j4 = int(gl_WorkGroupID.y) * 8 + lane;
    int column = min(j4, OUT_C4 - 1);
    float scale = lossScale();
    vec4 sums[TILE];
    [[unroll]] for (int i = 0; i < TILE; i++) sums[i] = vec4(0.0);
    int first = int(gl_WorkGroupID.z) * CHUNK, last = min(first + CHUNK, ROWS);
    for (int p = first; p < last; p += 4) {
        Source mine = sourceOf(rowAt(p + lane));   // of which the first four are looked at
        vec4 x[4], dy[4];
        [[unroll]] for (int u = 0; u < 4; u++) {
            Source source = Source(ivec2(subgroupShuffle(mine.at.x, u), subgroupShuffle(mine.at.y, u)), subgroupShuffle(mine.index, u));
            x[u] = firstOperand(LOAD(X, inputAt(source, tap)), scale);
            dy[u] = secondOperand(LOAD(DY, min(p + u, ROWS) * OUT_C4 + column), scale);
        }
        ADD_OUTER_PRODUCTS(x, dy)
    }
    int block = int(gl_WorkGroupID.z) * TAPS_C4 * 4;
    [[unroll]] for (int i = 0; i < TILE; i++) {
        int row = int(gl_WorkGroupID.x) * TILE + i;
        if (row < TAPS_C4 * 4 && j4 < OUT_C4) Partials[(block + row) * OUT_C4 + j4] = sums[i] * (1.0 / scale);
    }
}

#else
#include "tile.glsl"

void main() {
    const int M4 = TILE_M / 4;
    int lane = int(gl_LocalInvocationIndex);
    int firstC4 = int(gl_WorkGroupID.x) * M4, firstColumn = int(gl_WorkGroupID.y) * TILE_N4;
    int first = int(gl_WorkGroupID.z) * CHUNK, last = min(first + CHUNK, ROWS);
    float scale = lossScale();
    tileClear();
    for (int p = first; p < last; p += 16) {
        [[unroll]] for (int s = 0; s < TILE_STAGES_A; s++) {
            int at = lane + s * TILE_INVOCATIONS, mine = p + at / M4;
            vec4 x = mine < last ? LOAD(X, inputAt(sourceOf(rowAt(mine)), tapC4At(firstC4 + at % M4))) : vec4(0.0);
            x = firstOperand(x, scale);
            [[unroll]] for (int i = 0; i < 4; i++) stageA(at / M4, at % M4 * 4 + i, x[i]);
        }
        [[unroll]] for (int s = 0; s < TILE_STAGES_B; s++) {
            int at = lane + s * TILE_INVOCATIONS, mine = p + at / TILE_N4, j4 = firstColumn + at % TILE_N4;
            vec4 dy = mine < last && j4 < OUT_C4 ? LOAD(DY, mine * OUT_C4 + j4) : vec4(0.0);
            stageB(at / TILE_N4, at % TILE_N4, secondOperand(dy, scale));
        }
        tileMultiply();
    }
    tileFinish();
    int block = int(gl_WorkGroupID.z) * TAPS_C4 * 4, column = firstColumn + tileColumn4();
    [[unroll]] for (int i = 0; i < TILE_EACH; i++) {
        int row = 4 * firstC4 + tileRow() + i;
        if (row < TAPS_C4 * 4 && column < OUT_C4) Partials[(block + row) * OUT_C4 + column] = tileSums[i] * (1.0 / scale);
    }
}
#endif

// conv_gather for results of at most 4 channels (the last layer of a decoder): lanes lie over pixels, since one vec4 of columns
// would leave the others idle.  Y[row, 0..3] = sum over taps t, channels c of  X[source(row, t), c] * Weight[t, c, 0..3]
// @variant CHANNEL_STEP 4 8
#version 450
#include "operands.glsl"
#include "conv_geometry.glsl"
#include "activations.glsl"
#include "conv_epilogue.glsl"

OPERAND(0, X)        // [BATCH, IN_H, IN_W, 4 IN_C4], 4 IN_C4 a multiple of CHANNEL_STEP
OPERAND(1, Weight)   // [KERNEL, KERNEL, 4 IN_C4, 4]
OPERAND(2, Bias)     // [OUT_C], read where HAS_BIAS
OPERAND(3, Mask)     // as Y, read where MASK_ACTIVATION
RESULT(4, Y)         // [BATCH, OUT_H, OUT_W, OUT_C], written (=)

// grid: x = groups of 8 * PIXELS rows (texel) or 64 rows (shared), z = phases
#if PATH_TEXEL
const int PIXELS = 4;
layout(local_size_x = 8) in;
#else
const int PIXELS = 1;
layout(local_size_x = 64) in;
#endif

void main() {
    if (int(gl_WorkGroupID.x * gl_WorkGroupSize.x) * PIXELS >= ROWS) return;   // the grid counts groups of 32 rows
    int lane = int(gl_LocalInvocationID.x);
    ivec2 phase = ivec2(int(gl_WorkGroupID.z) / PHASES, int(gl_WorkGroupID.z) % PHASES);
    Taps taps = tapsOf(phase);
    Row rows[PIXELS];
    vec4 sums[PIXELS];
    [[unroll]] for (int r = 0; r < PIXELS; r++) {
        rows[r] = rowAt((int(gl_WorkGroupID.x) * PIXELS + r) * int(gl_WorkGroupSize.x) + lane);
        sums[r] = vec4(0.0);
    }
    int count = tapCount(taps);
    for (int t = 0; t < count; t++) {
        int weightAt = kernelTap(taps, t) * IN_C4 * 4;
        int source[PIXELS];
        [[unroll]] for (int r = 0; r < PIXELS; r++) source[r] = sourcePixel(rows[r], taps, t) * IN_C4;
        for (int c = 0; c < IN_C4 * 4; c += CHANNEL_STEP) {
#if PATH_TEXEL
            vec4 staged = LOAD(Weight, weightAt + c + lane % CHANNEL_STEP);   // CHANNEL_STEP weight rows in one fetch
#endif
            [[unroll]] for (int q = 0; q < CHANNEL_STEP / 4; q++) {
                vec4 x[PIXELS];
                [[unroll]] for (int r = 0; r < PIXELS; r++) x[r] = LOAD(X, source[r] + c / 4 + q);
                [[unroll]] for (int k = 0; k < 4; k++) {
#if PATH_TEXEL
                    vec4 w = vec4(subgroupShuffle(staged.x, 4 * q + k), subgroupShuffle(staged.y, 4 * q + k),
                                  subgroupShuffle(staged.z, 4 * q + k), subgroupShuffle(staged.w, 4 * q + k));
#else
                    vec4 w = LOAD(Weight, weightAt + c + 4 * q + k);
#endif
                    [[unroll]] for (int r = 0; r < PIXELS; r++) sums[r] += x[r][k] * w;
                }
            }
        }
    }
    [[unroll]] for (int r = 0; r < PIXELS; r++) {
        int target = outputPixel(rows[r], phase);
        if (target >= 0) Y[target] = EPILOGUE(sums[r], 0, target);
    }
}

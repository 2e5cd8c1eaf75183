// Implicit-GEMM convolution, NHWC:  Y[row, k] = sum over taps t, channels c of  X[source(row, t), c] * Weight[t, c, k]
// Serves Conv2d (forward), ConvTranspose2d (adjoint), Linear (a 1x1 convolution of 1x1 images), and the input gradients of all three.
// @variant TILE_ROWS 1 4 8
#version 450
#include "operands.glsl"
#include "conv_geometry.glsl"
#include "activations.glsl"
#include "conv_epilogue.glsl"

layout(constant_id = 15) const int HALF_OPERANDS = 0;
layout(constant_id = 16) const int GRADIENT = 0;   // X is a gradient: GRADIENT_FIRST

OPERAND(0, X)        // [BATCH, IN_H, IN_W, 4 IN_C4]
OPERAND(1, Weight)   // [KERNEL, KERNEL, 4 IN_C4, 4 OUT_C4]
OPERAND(2, Bias)     // [OUT_C], read where HAS_BIAS
OPERAND(3, Mask)     // as Y, read where MASK_ACTIVATION
RESULT(4, Y)         // [BATCH, OUT_H, OUT_W, OUT_C], written (=)
OPERAND(5, LossScale)   // [4], of mixed precision

#include "half_operands.glsl"

// grid: x = tiles of rows, y = tiles of columns, z = phases, see rowGroup
#if PATH_TEXEL

// A tile is TILE_ROWS rows by 32 columns on 8 lanes: lane l owns columns 4l .. 4l+3 of every row, and fetches the operands of row l; a row's scalars
// reach the other lanes by shuffle with a constant lane, which costs next to nothing. A tile of fewer than 8 rows, for a layer that has no more,
// spares the arithmetic: what the lanes past it fetch is not used. Larger tiles, or several channels a turn, fetch less often, but make loops
// so long that what processors keep of decoded instructions does not hold them.
layout(local_size_x = 8) in;

void main() {
    int lane = int(gl_LocalInvocationID.x);
    int j4 = int(gl_WorkGroupID.y) * 8 + lane;
    int column = min(j4, OUT_C4 - 1);              // lanes past the edge repeat the last column and store nothing
    ivec2 phase = phaseOfGroup();
    Taps taps = tapsOf(phase);
    Row row = rowAt(rowGroup() * TILE_ROWS + lane);
    float scale = lossScale();
    vec4 sums[TILE_ROWS];
    [[unroll]] for (int i = 0; i < TILE_ROWS; i++) sums[i] = vec4(0.0);

    int count = tapCount(taps);
    for (int t = 0; t < count; t++) {
        int weightAt = kernelTap(taps, t) * IN_C4 * 4 * OUT_C4 + column;
        int source = sourcePixel(row, taps, t) * IN_C4;
        for (int c = 0; c < IN_C4; c++) {
            vec4 w[4];
            [[unroll]] for (int k = 0; k < 4; k++) w[k] = secondOperand(LOAD(Weight, weightAt + (c * 4 + k) * OUT_C4), scale);
            vec4 x = firstOperand(LOAD(X, source + c), scale);
            [[unroll]] for (int i = 0; i < TILE_ROWS; i++) [[unroll]] for (int k = 0; k < 4; k++) sums[i] += subgroupShuffle(x[k], i) * w[k];
        }
    }

    int pixel = outputPixel(row, phase);
    [[unroll]] for (int i = 0; i < TILE_ROWS; i++) {
        int target = subgroupShuffle(pixel, i);
        if (target >= 0 && j4 < OUT_C4) Y[target * OUT_C4 + j4] = EPILOGUE(sums[i] * (1.0 / scale), j4, target * OUT_C4 + j4);
    }
}

#else
#include "tile.glsl"

void main() {
    int lane = int(gl_LocalInvocationIndex);
    ivec2 phase = phaseOfGroup();
    Taps taps = tapsOf(phase);
    int firstRow = rowGroup() * 64, firstColumn = int(gl_WorkGroupID.y) * 16;
    if (firstRow >= ROWS || firstColumn >= OUT_C4) return;   // the grid counts the smaller tiles of the texel path
    Row row = rowAt(firstRow + lane / 4);          // the row whose operands this invocation stages
    int depth4 = tapCount(taps) * IN_C4;           // the sum's length in vec4s
    int column = firstColumn + lane % 16;
    float scale = lossScale();
    tileClear();
    for (int d = 0; d < depth4; d += 4) {
        int mine = d + lane % 4;
        vec4 x = vec4(0.0);
        if (mine < depth4) x = LOAD(X, sourcePixel(row, taps, mine / IN_C4) * IN_C4 + mine % IN_C4);
        int k = lane / 16, k4 = d + k / 4;
        vec4 w = vec4(0.0);
        if (k4 < depth4 && column < OUT_C4)
            w = LOAD(Weight, ((kernelTap(taps, k4 / IN_C4) * IN_C4 + k4 % IN_C4) * 4 + k % 4) * OUT_C4 + column);
        x = firstOperand(x, scale);
        [[unroll]] for (int i = 0; i < 4; i++) stageA((lane % 4) * 4 + i, lane / 4, x[i]);
        stageB(k, lane % 16, secondOperand(w, scale));
        tileMultiply();
    }
    tileFinish();
    [[unroll]] for (int i = 0; i < 4; i++) {
        int target = outputPixel(rowAt(firstRow + (lane / 16) * 4 + i), phase);
        if (target >= 0 && column < OUT_C4) Y[target * OUT_C4 + column] = EPILOGUE(tileSums[i] * (1.0 / scale), column, target * OUT_C4 + column);
    }
}
#endif

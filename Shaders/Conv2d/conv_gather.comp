// Implicit-GEMM convolution, NHWC:  Y[row, k] = sum over taps t, channels c of  X[source(row, t), c] * Weight[t, c, k]
// Serves Conv2d (forward), ConvTranspose2d (adjoint), Linear (a 1x1 convolution of 1x1 images), and the input gradients of all three.
// @variant texel TILE 1 4 8 16 32
// @variant shared TILE 64064 32064 64032 32032 128064
// @variant matrix TILE 64064 32064 64032 32032
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

#include "tile_texel.glsl"

void main() {
    int lane = int(gl_LocalInvocationID.x);
    int j4 = int(gl_WorkGroupID.y) * 8 + lane;
    int column = min(j4, OUT_C4 - 1);              // lanes past the edge repeat the last column and store nothing
    ivec2 phase = phaseOfGroup();
    Taps taps = tapsOf(phase);
    Row rows[FETCHES];                             // whose operands this lane fetches
    Source sources[FETCHES];
    [[unroll]] for (int f = 0; f < FETCHES; f++) {
        rows[f] = rowAt(rowGroup() * TILE + f * 8 + lane);
        sources[f] = sourceOf(rows[f]);
    }
    float scale = lossScale();
    vec4 sums[TILE];
    [[unroll]] for (int i = 0; i < TILE; i++) sums[i] = vec4(0.0);

    int count = tapCount(taps);
    for (int t = 0; t < count; t++) {
        int weightAt = kernelTap(taps, t) * IN_C4 * 4 * OUT_C4 + column;
        Tap tap = tapAt(taps, t);
        int inputs[FETCHES];
        [[unroll]] for (int f = 0; f < FETCHES; f++) inputs[f] = inputAt(sources[f], tap);
        for (int c = 0; c < IN_C4; c++) {
            vec4 w[4], x[FETCHES];
            [[unroll]] for (int k = 0; k < 4; k++) w[k] = secondOperand(LOAD(Weight, weightAt + (c * 4 + k) * OUT_C4), scale);
            [[unroll]] for (int f = 0; f < FETCHES; f++) x[f] = firstOperand(LOAD(X, inputs[f] + c), scale);
            ADD_PRODUCTS(x, w)
        }
    }

    int pixels[FETCHES];
    [[unroll]] for (int f = 0; f < FETCHES; f++) pixels[f] = outputPixel(rows[f], phase);
    [[unroll]] for (int i = 0; i < TILE; i++) {
        int target = OF_ROW(pixels, i);
        if (target >= 0 && j4 < OUT_C4) Y[target * OUT_C4 + j4] = EPILOGUE(sums[i] * (1.0 / scale), j4, target * OUT_C4 + j4);
    }
}

#else
#include "tile.glsl"

void main() {
    int lane = int(gl_LocalInvocationIndex);
    ivec2 phase = phaseOfGroup();
    Taps taps = tapsOf(phase);
    int firstRow = rowGroup() * TILE_M, firstColumn = int(gl_WorkGroupID.y) * TILE_N4;
    if (firstRow >= ROWS) return;                  // groups that fill up the last layer
    Source sources[TILE_STAGES_A];                 // of the rows whose operands this invocation stages
    [[unroll]] for (int s = 0; s < TILE_STAGES_A; s++) sources[s] = sourceOf(rowAt(firstRow + (lane + s * TILE_INVOCATIONS) / 4));
    int depth4 = tapCount(taps) * IN_C4;           // the sum's length in vec4s
    float scale = lossScale();
    tileClear();
    for (int d = 0; d < depth4; d += 4) {
        int mine = d + lane % 4;
        [[unroll]] for (int s = 0; s < TILE_STAGES_A; s++) {
            vec4 x = vec4(0.0);
            if (mine < depth4) x = LOAD(X, inputAt(sources[s], tapAt(taps, mine / IN_C4)) + mine % IN_C4);
            x = firstOperand(x, scale);
            [[unroll]] for (int i = 0; i < 4; i++) stageA((lane % 4) * 4 + i, (lane + s * TILE_INVOCATIONS) / 4, x[i]);
        }
        [[unroll]] for (int s = 0; s < TILE_STAGES_B; s++) {
            int at = lane + s * TILE_INVOCATIONS, k = at / TILE_N4, k4 = d + k / 4, j4 = firstColumn + at % TILE_N4;
            vec4 w = vec4(0.0);
            if (k4 < depth4 && j4 < OUT_C4)
                w = LOAD(Weight, ((kernelTap(taps, k4 / IN_C4) * IN_C4 + k4 % IN_C4) * 4 + k % 4) * OUT_C4 + j4);
            stageB(k, at % TILE_N4, secondOperand(w, scale));
        }
        tileMultiply();
    }
    tileFinish();
    int column = firstColumn + tileColumn4();
    [[unroll]] for (int i = 0; i < TILE_EACH; i++) {
        int target = outputPixel(rowAt(firstRow + tileRow() + i), phase);
        if (target >= 0 && column < OUT_C4) Y[target * OUT_C4 + column] = EPILOGUE(tileSums[i] * (1.0 / scale), column, target * OUT_C4 + column);
    }
}
#endif

// conv_gather for results of at most 4 channels:  Y[row, 0..3] = sum over taps t, channels c of  X[source(row, t), c] * Weight[t, c, 0..3]
// @variant CHANNEL_STEP 4 8
// @variant PHASES_TOGETHER 0 1
#version 450
#include "operands.glsl"
#include "conv_geometry.glsl"
#include "activations.glsl"
#include "conv_epilogue.glsl"

OPERAND(0, X)        // [BATCH, IN_H, IN_W, 4 IN_C4]
OPERAND(1, Weight)   // [KERNEL, KERNEL, 4 IN_C4, 4]
OPERAND(2, Bias)     // [OUT_C], read where HAS_BIAS
OPERAND(3, Mask)     // as Y, read where MASK_ACTIVATION
RESULT(4, Y)         // [BATCH, OUT_H, OUT_W, OUT_C], written (=)

#define STORE(INDEX, VALUE) Y[INDEX] = VALUE
#include "conv_narrow.glsl"

// The last layer of a decoder and its finished pixels in one: conv_gather_narrow, whose values become words and are not stored themselves.
#version 450
#define CHANNEL_STEP 4
#define PHASES_TOGETHER 1
#include "operands.glsl"
#include "conv_geometry.glsl"
#include "activations.glsl"
#include "conv_epilogue.glsl"
#include "srgb.glsl"
layout(constant_id = 15) const float ALPHA_THRESHOLD = 0.0;
layout(constant_id = 16) const int COLOURS = 0;
layout(constant_id = 17) const int DITHER = 0;
layout(constant_id = 18) const int LINEAR = 0;
layout(constant_id = 19) const int PREMULTIPLY = 0;
layout(constant_id = 20) const int GREY = 0;           // of the values only the first channel counts, and all is opaque

OPERAND(0, X)              // [BATCH, IN_H, IN_W, 4 IN_C4]
OPERAND(1, Weight)         // [KERNEL, KERNEL, 4 IN_C4, 4]
OPERAND(2, Bias)           // [OUT_C], read where HAS_BIAS
OPERAND(3, Mask)           // not read
OPERAND(4, Palette)        // [COLOURS + 1, 4]
WORDS_RESULT(5, Pixels)    // [BATCH, OUT_H, OUT_W] RGBA8, written (=)

#include "finish_pixel.glsl"
#include "encode_pixel.glsl"

vec4 coloured(vec4 value) { return GREY != 0 ? vec4(value.xxx, 1.0) : value; }

#define STORE(INDEX, VALUE) Pixels[INDEX] = encodedWord(finishedPixel(coloured(VALUE), INDEX / OUT_W % OUT_H, INDEX % OUT_W))
#include "conv_narrow.glsl"

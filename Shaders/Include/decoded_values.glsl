// Decoded values as they lie in memory, and what a kernel that finishes them has to know. The operand Values is declared before.
layout(constant_id = 0) const int COUNT = 1;               // pixels of all images
layout(constant_id = 1) const int H = 1;
layout(constant_id = 2) const int W = 1;
layout(constant_id = 3) const int FORMAT = 0;
layout(constant_id = 4) const float ALPHA_THRESHOLD = 0.0;
layout(constant_id = 5) const int COLOURS = 0;
layout(constant_id = 6) const int DITHER = 0;

const int FORMAT_RGBA = 0;                                 // VaeProcgen.Shaders.PixelPacking
const int FORMAT_GREY = 1;
const int FORMAT_GREY_PACKED = 2;

#include "finish_pixel.glsl"

vec4 finishedPixelAt(int index) {
    vec4 value = LOAD(Values, FORMAT == FORMAT_GREY_PACKED ? index / 4 : index);
    if (FORMAT == FORMAT_GREY) value = vec4(value.xxx, 1.0);
    if (FORMAT == FORMAT_GREY_PACKED) value = vec4(vec3(value[index % 4]), 1.0);
    return finishedPixel(value, index / W % H, index % W);
}

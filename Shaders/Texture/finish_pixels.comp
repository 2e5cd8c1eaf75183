// Decoded values to finished pixels (Include/finish_pixel.glsl), for what needs a pixel's neighbours afterwards.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "srgb.glsl"

OPERAND(0, Values)    // [N, H, W, 4] premultiplied RGBA, [N, H, W, 1] or [N, H, W / 4, 4] grey
OPERAND(1, Palette)   // [COLOURS + 1, 4] = (L, a, b, packed RGB), and (spread, 0, 0, 0) last
RESULT(2, Finished)   // [N, H, W, 4] bytes, straight alpha, sRGB, written (=)

#include "decoded_values.glsl"

void main() {
    int index = elementIndex();
    if (index >= COUNT) return;
    Finished[index] = finishedPixelAt(index);
}

// The words of a texture's first level, encoded: from decoded values (finished here), or from pixels that are finished already.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "srgb.glsl"
layout(constant_id = 7) const int IS_FINISHED = 0;
layout(constant_id = 8) const int LINEAR = 0;          // RGB is stored as light
layout(constant_id = 9) const int PREMULTIPLY = 0;     // the encoded RGB is multiplied by alpha

OPERAND(0, Values)         // as in finish_pixels.comp; or finished pixels [N, H, W, 4]
OPERAND(1, Palette)        // [COLOURS + 1, 4]
WORDS_RESULT(2, Pixels)    // [N, H, W] RGBA8, written (=)

#include "decoded_values.glsl"
#include "encode_pixel.glsl"

void main() {
    int index = elementIndex();
    if (index >= COUNT) return;
    vec4 finished = IS_FINISHED != 0 ? LOAD(Values, index) : finishedPixelAt(index);
    Pixels[index] = encodedWord(finished);
}

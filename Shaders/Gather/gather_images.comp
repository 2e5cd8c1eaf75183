// One batch from the resident images: row n is image Step[STEP_BATCH_ROWS + n], augmented, in [0, 1].
// Output pixel (y, x) reads the source pixel reached by: mirror x (flip), then `turns` quarter turns, then the wrap shift.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "philox.glsl"
#include "step.glsl"
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int H = 1;
layout(constant_id = 2) const int W = 1;
layout(constant_id = 3) const int FORMAT = 0;
layout(constant_id = 4) const int BINARIZE = 0;    // each value becomes 1 with itself as the probability, else 0, drawn anew at each step
layout(constant_id = 5) const int FLIP = 0;        // mirror left and right, one time in two
layout(constant_id = 6) const int TURNS = 0;       // 0..3 quarter turns; H = W
layout(constant_id = 7) const int SHIFT = 0;       // roll by any offset, for tileable art

const int FORMAT_RGBA = 0;          // a pixel is a word of RGBA8, straight alpha, and becomes a premultiplied vec4
const int FORMAT_GREY = 1;          // a pixel is a byte, and becomes (grey, 0, 0, 0)
const int FORMAT_GREY_PACKED = 2;   // a pixel is a byte; four that lie side by side become a vec4

WORDS(0, Images)   // [images, H, W] RGBA8, or grey bytes, four a word
WORDS(1, Step)
RESULT(2, X)       // [BATCH, H, W, 4], [BATCH, H, W, 1] or [BATCH, H, W / 4, 4], written (=)

int sourceOf(int x, int y, int n, uvec4 draw) {
    ivec2 at = ivec2(x, y);
    if (FLIP != 0 && (draw.x & 1u) != 0u) at.x = W - 1 - at.x;
    // No loop of quarter turns: lavapipe (Mesa 22.3) gets it wrong where neighbouring lanes turn differently often.
    if (TURNS != 0 && (draw.y & 2u) != 0u) at = W - 1 - at;
    if (TURNS != 0 && (draw.y & 1u) != 0u) at = ivec2(at.y, W - 1 - at.x);
    if (SHIFT != 0) at = (at + ivec2(draw.z % uint(W), draw.w % uint(H))) % ivec2(W, H);
    return (int(Step[STEP_BATCH_ROWS + n]) * H + at.y) * W + at.x;
}

float greyAt(int source) { return float((Images[source / 4] >> uint(source % 4 * 8)) & 255u) / 255.0; }

// grid: elementwise over the vec4s of X
void main() {
    int index = elementIndex(), columns = FORMAT == FORMAT_GREY_PACKED ? W / 4 : W;
    if (index >= BATCH * H * columns) return;
    int n = index / (H * columns), y = index / columns % H, x = index % columns;
    uvec4 draw = STEP_DRAW(STREAM_AUGMENT, n);
    vec4 value;
    if (FORMAT == FORMAT_RGBA) {
        vec4 colour = unpackUnorm4x8(Images[sourceOf(x, y, n, draw)]);
        value = vec4(colour.rgb * colour.a, colour.a);
    } else if (FORMAT == FORMAT_GREY) {
        value = vec4(greyAt(sourceOf(x, y, n, draw)), 0.0, 0.0, 0.0);
    } else {
        value = vec4(greyAt(sourceOf(4 * x, y, n, draw)), greyAt(sourceOf(4 * x + 1, y, n, draw)),
            greyAt(sourceOf(4 * x + 2, y, n, draw)), greyAt(sourceOf(4 * x + 3, y, n, draw)));
    }
    if (BINARIZE != 0) value = mix(vec4(0.0), vec4(1.0), lessThanEqual(uniform01(STEP_DRAW(STREAM_BINARIZE, index)), value));
    X[index] = value;
}

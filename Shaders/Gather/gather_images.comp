// One batch from the resident images: row n is image Step[STEP_BATCH_ROWS + n], augmented, as premultiplied RGBA in [0, 1].
// Output pixel (y, x) reads the source pixel reached by: mirror x (flip), then `turns` quarter turns, then the wrap shift.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "philox.glsl"
#include "step.glsl"
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int H = 1;
layout(constant_id = 2) const int W = 1;
layout(constant_id = 3) const int FLIP = 0;        // mirror left and right, one time in two
layout(constant_id = 4) const int TURNS = 0;       // 0..3 quarter turns; H = W
layout(constant_id = 5) const int SHIFT = 0;       // roll by any offset, for tileable art

WORDS(0, Images)   // [images, H, W] RGBA8, straight alpha
WORDS(1, Step)
RESULT(2, X)       // [BATCH, H, W, 4], written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * H * W) return;
    int n = index / (H * W);
    ivec2 at = ivec2(index % W, index / W % H);                     // (x, y)
    uvec4 draw = STEP_DRAW(STREAM_AUGMENT, n);
    if (FLIP != 0 && (draw.x & 1u) != 0u) at.x = W - 1 - at.x;
    // No loop of quarter turns: lavapipe (Mesa 22.3) gets it wrong where neighbouring lanes turn differently often.
    if (TURNS != 0 && (draw.y & 2u) != 0u) at = W - 1 - at;
    if (TURNS != 0 && (draw.y & 1u) != 0u) at = ivec2(at.y, W - 1 - at.x);
    if (SHIFT != 0) at = (at + ivec2(draw.z % uint(W), draw.w % uint(H))) % ivec2(W, H);
    uint word = Images[(int(Step[STEP_BATCH_ROWS + n]) * H + at.y) * W + at.x];
    vec4 colour = unpackUnorm4x8(word);
    X[index] = vec4(colour.rgb * colour.a, colour.a);
}

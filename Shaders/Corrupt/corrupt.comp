// Y = 0 within a random rectangle of each image, X + NOISE * normal elsewhere.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
#include "philox.glsl"
#include "step.glsl"
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int H = 1;
layout(constant_id = 2) const int W = 1;           // pixels
layout(constant_id = 3) const int CHANNELS = 4;
layout(constant_id = 4) const int PIXELS = 1;      // that a vec4 holds, side by side: 1, or 4 of one value each
layout(constant_id = 5) const float NOISE = 0.0;

OPERAND(0, X)     // [BATCH, H, W / PIXELS, CHANNELS]
WORDS(1, Step)
RESULT(2, Y)      // as X, written (=)

const int C4 = (CHANNELS + 3) / 4;
const int COLUMNS = W / PIXELS;

// grid: elementwise over the vec4s of X
void main() {
    int index = elementIndex();
    if (index >= BATCH * H * COLUMNS * C4) return;
    int column = index / C4 % COLUMNS, y = index / (C4 * COLUMNS) % H, n = index / (C4 * COLUMNS * H);
    uvec4 draw = STEP_DRAW(STREAM_CORRUPT, n);
    uint width = 1u + draw.x % uint(W), height = 1u + draw.y % uint(H);
    int left = int(draw.z % (uint(W) - width + 1u)), top = int(draw.w % (uint(H) - height + 1u));
    vec4 x = PIXELS == 4 ? vec4(4 * column) + vec4(0.0, 1.0, 2.0, 3.0) : vec4(column);
    bool inRows = y >= top && y < top + int(height);
    vec4 kept = inRows ? vec4(1.0) - step(vec4(left), x) * step(x, vec4(left + int(width) - 1)) : vec4(1.0);
    vec4 value = LOAD(X, index);
    if (NOISE != 0.0) value += NOISE * normal4(STEP_DRAW(STREAM_CORRUPT_NOISE, index));
    Y[index] = kept * value * channelMask(index % C4, CHANNELS);
}

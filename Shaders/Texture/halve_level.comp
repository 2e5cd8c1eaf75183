// The next mip level of max(1, W / 2) x max(1, H / 2) pixels. A pixel is the mean light of the area that it covers, weighted with alpha
// (unweighted where all of it is transparent), and the mean alpha. Of an odd size the areas share pixels between them.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "srgb.glsl"
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int H = 1;               // of the larger level
layout(constant_id = 2) const int W = 1;
layout(constant_id = 3) const int IS_FIRST = 0;        // From holds finished pixels: bytes, sRGB
layout(constant_id = 4) const int OFFSET = 0;          // of the level's first word
layout(constant_id = 5) const int LINEAR = 0;
layout(constant_id = 6) const int PREMULTIPLY = 0;

OPERAND(0, From)           // [BATCH, H, W, 4]: finished pixels, or straight alpha and light in [0, 1]
RESULT(1, To)              // [BATCH, h, w, 4]: straight alpha and light, written (=)
WORDS_RESULT(2, Pixels)    // all levels; this one's [BATCH, h, w] from OFFSET on written (=)

const int TO_H = H > 1 ? H / 2 : 1;
const int TO_W = W > 1 ? W / 2 : 1;

// How much of pixel `from` of `size` belongs to pixel `to` of `toSize`, in units of 1 / toSize.
int overlap(int from, int to, int size, int toSize) {
    return max(0, min((from + 1) * toSize, (to + 1) * size) - max(from * toSize, to * size));
}

vec4 lightAt(int index) {
    vec4 v = LOAD(From, index);
    return IS_FIRST != 0 ? vec4(lightOf(max(v.rgb, 0.0) / 255.0), max(v.a, 0.0) / 255.0) : v;
}

void main() {
    int index = elementIndex();
    if (index >= BATCH * TO_H * TO_W) return;
    int x = index % TO_W, y = index / TO_W % TO_H, n = index / (TO_W * TO_H);
    vec3 visible = vec3(0.0), all = vec3(0.0);
    float alpha = 0.0;
    for (int dy = 0; dy < 3; dy++) {
        for (int dx = 0; dx < 3; dx++) {
            int fromX = 2 * x + dx, fromY = 2 * y + dy;
            float weight = float(overlap(fromX, x, W, TO_W) * overlap(fromY, y, H, TO_H)) / float(W * H);
            vec4 light = lightAt((n * H + min(fromY, H - 1)) * W + min(fromX, W - 1));
            visible += weight * light.a * light.rgb;
            all += weight * light.rgb;
            alpha += weight * light.a;
        }
    }
    vec4 mean = vec4(alpha > 0.0 ? visible / max(alpha, 1e-30) : all, alpha);
    To[index] = mean;
    vec3 stored = LINEAR != 0 ? mean.rgb : storedOf(mean.rgb);
    Pixels[OFFSET + index] = wordOf(vec4(PREMULTIPLY != 0 ? stored * alpha : stored, alpha));
}

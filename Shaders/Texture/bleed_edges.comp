// One ring: a pixel without a colour (alpha -1) takes the mean colour of those of its eight neighbours that have one, and alpha 0.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int COUNT = 1;       // pixels of all images
layout(constant_id = 1) const int H = 1;
layout(constant_id = 2) const int W = 1;

OPERAND(0, From)      // [N, H, W, 4] bytes
RESULT(1, To)         // [N, H, W, 4], written (=)

void main() {
    int index = elementIndex();
    if (index >= COUNT) return;
    int x = index % W, y = index / W % H, count = 0;
    vec4 own = LOAD(From, index);
    ivec3 sum = ivec3(0);
    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            bool inside = x + dx >= 0 && x + dx < W && y + dy >= 0 && y + dy < H;
            // Outside, the pixel itself is read: it has no colour where that matters.
            vec4 neighbour = LOAD(From, inside ? index + dy * W + dx : index);
            if (neighbour.a >= 0.0) { sum += ivec3(neighbour.rgb); count++; }
        }
    }
    To[index] = own.a < 0.0 && count > 0 ? vec4(vec3(sum / max(count, 1)), 0.0) : own;
}

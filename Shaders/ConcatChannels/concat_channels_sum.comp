// DE[n] = sum over the pixels of image n of the last channels of DY.
#version 450
#include "operands.glsl"
#include "reduce.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int PIXELS = 1;      // of one image
layout(constant_id = 1) const int C4 = 1;
layout(constant_id = 2) const int E4 = 1;

const int ROUNDS = (PIXELS + 63) / 64;

OPERAND(0, DY)     // [N, PIXELS, 4 C4 + 4 E4]
RESULT(1, DE)      // [N, 4 E4], written (=)

// grid: x = vec4s of E, y = images
void main() {
    int column = int(gl_WorkGroupID.x), image = int(gl_WorkGroupID.y);
    vec4 sum = vec4(0.0);
    for (int k = 0; k < ROUNDS; k++) {
        int pixel = k * 64 + int(gl_LocalInvocationID.x);
        if (pixel < PIXELS) sum += LOAD(DY, (image * PIXELS + pixel) * (C4 + E4) + C4 + column);
    }
    sum = workgroupSum(sum);
    if (gl_LocalInvocationID.x == 0u) DE[image * E4 + column] = sum;
}

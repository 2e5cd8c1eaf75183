// Quantized[p] = e_k, k = Codes[p];   Commitment[n] = WEIGHT * sum over the pixels of image n of |Encoded[p] - e_k|^2
#version 450
#include "operands.glsl"
#include "reduce.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int PIXELS = 1;      // of one image
layout(constant_id = 1) const int D4 = 1;
layout(constant_id = 2) const float WEIGHT = 1.0;

OPERAND(0, Encoded)      // [images, PIXELS, 4 D4]
OPERAND(1, Codebook)     // [codes, 4 D4]
WORDS(2, Codes)          // [images, PIXELS]
RESULT(3, Quantized)     // as Encoded, written (=)
RESULT(4, Commitment)    // [images, 1], written (=)

// grid: x = images
void main() {
    int n = int(gl_WorkGroupID.x);
    vec4 squares = vec4(0.0);
    for (int t = 0; t < (PIXELS * D4 + 63) / 64; t++) {
        int i = 64 * t + int(gl_LocalInvocationID.x);
        if (i < PIXELS * D4) {
            vec4 e = LOAD(Codebook, int(Codes[n * PIXELS + i / D4]) * D4 + i % D4);
            vec4 d = LOAD(Encoded, n * PIXELS * D4 + i) - e;
            Quantized[n * PIXELS * D4 + i] = e;
            squares += d * d;
        }
    }
    vec4 sum = workgroupSum(squares);
    if (gl_LocalInvocationID.x == 0u) Commitment[n] = vec4(WEIGHT * (sum.x + sum.y + sum.z + sum.w), 0.0, 0.0, 0.0);
}

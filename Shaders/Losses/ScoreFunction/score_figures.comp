// (0, mean of the baseline, variance of nll - b over the rows, 0); the variance in a second pass, for nothing to cancel.
#version 450
#include "operands.glsl"
#include "reduce.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const float PER_ROW = 1.0;   // 1 / ROWS

OPERAND(0, Nll)          // [ROWS, 1]
OPERAND(1, Advantages)   // [ROWS, 1] = nll - b
RESULT(2, Figures)       // [4], written (=)

// grid: one workgroup
void main() {
    int lane = int(gl_LocalInvocationID.x);
    vec4 sums = vec4(0.0);
    for (int r = lane; r < ROWS; r += 64) {
        float advantage = LOAD(Advantages, r).x;
        sums += vec4(advantage, LOAD(Nll, r).x - advantage, 0.0, 0.0);
    }
    vec2 means = workgroupSum(sums).xy * PER_ROW;
    barrier();
    float squares = 0.0;
    for (int r = lane; r < ROWS; r += 64) {
        float d = LOAD(Advantages, r).x - means.x;
        squares += d * d;
    }
    float variance = workgroupSum(vec4(squares, 0.0, 0.0, 0.0)).x * PER_ROW;
    if (lane == 0) Figures[0] = vec4(0.0, means.y, variance, 0.0);
}

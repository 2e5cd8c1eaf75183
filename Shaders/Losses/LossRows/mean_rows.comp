// Y = mean over the rows of X, in a fixed order.
#version 450
#include "operands.glsl"
#include "reduce.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const float PER_ROW = 1.0;   // 1 / ROWS

OPERAND(0, X)    // [ROWS, 4]
RESULT(1, Y)     // [4], written (=)

// grid: one workgroup
void main() {
    vec4 sum = vec4(0.0);
    for (int r = int(gl_LocalInvocationID.x); r < ROWS; r += 64) sum += LOAD(X, r);
    sum = workgroupSum(sum);
    if (gl_LocalInvocationID.x == 0u) Y[0] = sum * PER_ROW;
}

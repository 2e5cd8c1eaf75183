// Total = sum of the vec4s of Partials, component by component, in a fixed order.
#version 450
#include "operands.glsl"
#include "reduce.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int PARTS = 1;

OPERAND(0, Partials)   // [PARTS, 4]
RESULT(1, Total)       // [4], written (=)

// grid: one workgroup
void main() {
    vec4 sum = vec4(0.0);
    for (int i = int(gl_LocalInvocationID.x); i < PARTS; i += 64) sum += LOAD(Partials, i);
    sum = workgroupSum(sum);
    if (gl_LocalInvocationID.x == 0u) Total[0] = sum;
}

// Partial sums of squares of all gradients: (sum g^2, 0, 0, 0), one a workgroup.
#version 450
#include "operands.glsl"
#include "reduce.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int COUNT4 = 1;
layout(constant_id = 1) const int PER_INVOCATION = 16;

OPERAND(0, Gradients)  // [4 COUNT4]
RESULT(1, Partials)    // [workgroups, 4], written (=)

// grid: x = workgroups of 64 * PER_INVOCATION vec4s
void main() {
    vec4 squares = vec4(0.0);
    for (int k = 0; k < PER_INVOCATION; k++) {
        int index = (int(gl_WorkGroupID.x) * PER_INVOCATION + k) * 64 + int(gl_LocalInvocationID.x);
        if (index >= COUNT4) break;
        vec4 g = LOAD(Gradients, index);
        squares += g * g;
    }
    vec4 sum = workgroupSum(vec4(squares.x + squares.y + squares.z + squares.w, 0.0, 0.0, 0.0));
    if (gl_LocalInvocationID.x == 0u) Partials[gl_WorkGroupID.x] = sum;
}

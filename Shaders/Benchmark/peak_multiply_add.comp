// As many multiply-adds as the device can do, on registers alone: the ceiling that kernels are measured against.
// One invocation does ROUNDS * 48 of them: v <- v * m + m on 12 independent numbers, which stay in the 16 vector registers of a processor; 4 times a
// round, which is enough for its own cost hardly to show, and few enough for a processor to see all 12 chains at once: LLVM puts one after another.
#version 450
#include "operands.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int ROUNDS = 1024;

OPERAND(0, X)   // [1, 4]: keeps the compiler from knowing the numbers
RESULT(1, Y)    // [invocations, 4], written (=)

void main() {
    float m = LOAD(X, 0).x;
    vec4 v[3];
    [[unroll]] for (int i = 0; i < 3; i++) v[i] = m + float(i) + float(gl_LocalInvocationID.x) + vec4(0.0, 0.25, 0.5, 0.75);
    for (int round_ = 0; round_ < ROUNDS; round_++)
        [[unroll]] for (int step_ = 0; step_ < 4; step_++) [[unroll]] for (int i = 0; i < 3; i++) v[i] = v[i] * m + m;
    Y[gl_GlobalInvocationID.x] = v[0] + v[1] + v[2];
}

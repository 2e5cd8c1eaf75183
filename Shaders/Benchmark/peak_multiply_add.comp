// As many multiply-adds as the device can do, on registers alone: the ceiling that kernels are measured against.
// One invocation does ROUNDS * 64 of them: v <- v * m + a on 16 independent vec4s.
#version 450
#include "operands.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int ROUNDS = 1024;

OPERAND(0, X)   // [1, 4]: keeps the compiler from knowing the numbers
RESULT(1, Y)    // [invocations, 4], written (=)

void main() {
    vec4 m = LOAD(X, 0), v[16];
    [[unroll]] for (int i = 0; i < 16; i++) v[i] = m + float(i) + float(gl_LocalInvocationID.x);
    for (int round_ = 0; round_ < ROUNDS; round_++) [[unroll]] for (int i = 0; i < 16; i++) v[i] = v[i] * m + m;
    vec4 sum = vec4(0.0);
    [[unroll]] for (int i = 0; i < 16; i++) sum += v[i];
    Y[gl_GlobalInvocationID.x] = sum;
}

// Keeps the step's totals for the host: Log[row] = (Errors, (KL, |g|^2, 0, 0)), row = Cursor - 1.
#version 450
#include "operands.glsl"
layout(local_size_x = 1) in;

WORDS(0, Cursor)           // [1]
OPERAND(1, Errors)         // [4]
OPERAND(2, Kl)             // [4]
OPERAND(3, SquaredNorm)    // [4]
RESULT(4, Log)             // [steps a submission, 8], written (=)

// grid: one invocation
void main() {
    int row = int(Cursor[0]) - 1;
    Log[2 * row] = LOAD(Errors, 0);
    Log[2 * row + 1] = vec4(LOAD(Kl, 0).x, LOAD(SquaredNorm, 0).x, 0.0, 0.0);
}

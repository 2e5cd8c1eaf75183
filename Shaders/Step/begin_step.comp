// Takes the next row of the table that the host filled for the coming submission: Step = Table[Cursor], Cursor += 1.
#version 450
#include "operands.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int ROW_WORDS = 16;

WORDS(0, Table)             // [steps a submission, ROW_WORDS]
WORDS_RESULT(1, Cursor)     // [1], accumulated (+=)
WORDS_RESULT(2, Step)       // [ROW_WORDS], written (=)

// grid: one workgroup
void main() {
    uint row = Cursor[0];
    for (int i = int(gl_LocalInvocationID.x); i < ROW_WORDS; i += 64) Step[i] = Table[int(row) * ROW_WORDS + i];
    barrier();
    if (gl_LocalInvocationID.x == 0u) Cursor[0] = row + 1u;
}

// Loss = (total / ROWS, 0, 0, 0)
#version 450
#include "operands.glsl"
layout(local_size_x = 1) in;
layout(constant_id = 0) const int ROWS = 1;

OPERAND(0, Total)   // [4]: (sum over the rows, 0, 0, 0)
RESULT(1, Loss)     // [4], written (=)

// grid: one invocation
void main() { Loss[0] = LOAD(Total, 0) / float(ROWS); }

// nll_r - b_r, b_r the mean of the others of the row's group (leave-one-out), or 0.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int ROWS = 1;
layout(constant_id = 1) const int GROUP = 1;           // rows of a group; divides ROWS
layout(constant_id = 2) const int BASELINE = 0;
layout(constant_id = 3) const float PER_OTHER = 0.0;   // 1 / (GROUP - 1), 0 for a group of one

OPERAND(0, Nll)           // [ROWS, 1]
RESULT(1, Advantages)     // [ROWS, 1], written (=)

const int BASELINE_LEAVE_ONE_OUT = 1;

void main() {
    int row = elementIndex();
    if (row >= ROWS) return;
    float others = 0.0;
    if (BASELINE == BASELINE_LEAVE_ONE_OUT) {
        int first = row / GROUP * GROUP;
        for (int i = 0; i < GROUP; i++) others += first + i == row ? 0.0 : LOAD(Nll, first + i).x;
    }
    Advantages[row] = vec4(LOAD(Nll, row).x - others * PER_OTHER, 0.0, 0.0, 0.0);
}

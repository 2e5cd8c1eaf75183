// The loss scale of mixed precision after a step: halved where a gradient is not finite, doubled after PATIENCE steps where all were.
//   e <- max(e - 1, LOWEST)  or  min(e + 1, HIGHEST);   the scale is 2^(10 + e) (Include/half_operands.glsl)
#version 450
#include "operands.glsl"
layout(local_size_x = 1) in;
layout(constant_id = 0) const int PATIENCE = 1000;
layout(constant_id = 1) const int LOWEST = -10;
layout(constant_id = 2) const int HIGHEST = 14;

OPERAND(0, SquaredNorm)    // [4], (|g|^2, ..)
OPERAND(1, LossScale)      // [4] = (e, good steps in a row, 0, 0), whole numbers
RESULT(2, NewLossScale)    // as LossScale, written (=), in place
RESULT(3, Used)            // [4] = (the scale of this step, 0, 0, 0), written (=)

// grid: one invocation
void main() {
    float e = LOAD(LossScale, 0).x, good = LOAD(LossScale, 0).y + 1.0;
    Used[0] = vec4(uintBitsToFloat(uint(127 + 10 + int(e)) << 23), 0.0, 0.0, 0.0);
    float norm = LOAD(SquaredNorm, 0).x;
    bool isFinite = norm <= 3.4e38;                // NaN is not
    if (!isFinite) NewLossScale[0] = vec4(max(e - 1.0, float(LOWEST)), 0.0, 0.0, 0.0);
    else if (good >= float(PATIENCE)) NewLossScale[0] = vec4(min(e + 1.0, float(HIGHEST)), 0.0, 0.0, 0.0);
    else NewLossScale[0] = vec4(e, good, 0.0, 0.0);
}

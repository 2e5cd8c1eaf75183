// Keeps the step's figures for the host: Log[row] = (Totals, Kl, Loss, (|g|^2, Nll, Features, S)), row = Cursor - 1.
#version 450
#include "operands.glsl"
layout(local_size_x = 1) in;
layout(constant_id = 0) const int HAS_FEATURES = 0;
layout(constant_id = 1) const int HAS_LOSS_SCALE = 0;

WORDS(0, Cursor)           // [1]
OPERAND(1, Totals)         // [4]
OPERAND(2, Kl)             // [4]
OPERAND(3, Loss)           // [4]
OPERAND(4, SquaredNorm)    // [4]
OPERAND(5, Nll)            // [4]
OPERAND(6, Features)       // [4], read where HAS_FEATURES: y is the squared distance in features
OPERAND(7, LossScale)      // [4], read where HAS_LOSS_SCALE: x is S of this step
RESULT(8, Log)             // [steps a submission, 16], written (=)

// grid: one invocation
void main() {
    int row = int(Cursor[0]) - 1;
    Log[4 * row] = LOAD(Totals, 0);
    Log[4 * row + 1] = LOAD(Kl, 0);
    Log[4 * row + 2] = LOAD(Loss, 0);
    Log[4 * row + 3] = vec4(LOAD(SquaredNorm, 0).x, LOAD(Nll, 0).x, HAS_FEATURES != 0 ? LOAD(Features, 0).y : 0.0,
        HAS_LOSS_SCALE != 0 ? LOAD(LossScale, 0).x : 0.0);
}

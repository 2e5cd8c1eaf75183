// Y[n, p] = (X[n, p] | E[n]) for each pixel p of image n.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int PIXELS = 1;      // of one image
layout(constant_id = 2) const int C4 = 1;
layout(constant_id = 3) const int E4 = 1;

OPERAND(0, X)      // [BATCH, PIXELS, 4 C4]
OPERAND(1, E)      // [BATCH, 4 E4]
RESULT(2, Y)       // [BATCH, PIXELS, 4 C4 + 4 E4], written (=)

void main() {
    int index = elementIndex(), width = C4 + E4;
    if (index >= BATCH * PIXELS * width) return;
    int pixel = index / width, column = index % width;
    Y[index] = column < C4 ? LOAD(X, pixel * C4 + min(column, C4 - 1)) : LOAD(E, pixel / PIXELS * E4 + max(column - C4, 0));
}

// Nearest neighbour: Y[n, y, x, c] = X[n, y / F, x / F, c]; backward: dX[n, y, x, c] = sum over the F x F block of dY.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int H = 1;          // of the small side
layout(constant_id = 2) const int W = 1;
layout(constant_id = 3) const int C4 = 1;
layout(constant_id = 4) const int FACTOR = 2;
layout(constant_id = 5) const int BACKWARD = 0;

OPERAND(0, From)   // forward [BATCH, H, W, C], backward [BATCH, F H, F W, C]
RESULT(1, To)      // forward [BATCH, F H, F W, C], backward [BATCH, H, W, C], written (=)

void main() {
    int index = elementIndex();
    int height = BACKWARD != 0 ? H : H * FACTOR, width = BACKWARD != 0 ? W : W * FACTOR;
    if (index >= BATCH * height * width * C4) return;
    int c = index % C4, x = index / C4 % width, y = index / (C4 * width) % height, n = index / (C4 * width * height);
    if (BACKWARD == 0) {
        To[index] = LOAD(From, ((n * H + y / FACTOR) * W + x / FACTOR) * C4 + c);
        return;
    }
    vec4 sum = vec4(0.0);
    for (int dy = 0; dy < FACTOR; dy++)
        for (int dx = 0; dx < FACTOR; dx++) sum += LOAD(From, ((n * H * FACTOR + y * FACTOR + dy) * W * FACTOR + x * FACTOR + dx) * C4 + c);
    To[index] = sum;
}

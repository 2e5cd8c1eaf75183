// -log p(x|z) of each row, in nats, summed over its values, from the sums of likelihood_statistics:
//   Gaussian n/2 log(2 pi sigma^2) + sum d^2 / (2 sigma^2)    Laplace n log(2b) + sum |d| / b    others: the sum itself
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
#include "likelihood.glsl"

OPERAND(0, Statistics)   // [ROWS, 4]
OPERAND(1, Totals)       // [4], their sum
OPERAND(2, LogScale)     // [1], read where the scale is learned
RESULT(3, Nll)           // [ROWS, 1], written (=)

const float TWO_PI = 6.28318530717958648;

void main() {
    int row = elementIndex();
    if (row >= ROWS) return;
    vec4 sums = LOAD(Statistics, row);
    float s = scaleOf(LOAD(LogScale, 0).x, LOAD(Totals, 0)), nll = sums.z;
    if (LIKELIHOOD == LIKELIHOOD_GAUSSIAN) nll = 0.5 * valuesOfImage() * log(TWO_PI * s * s) + sums.y / (2.0 * s * s);
    if (LIKELIHOOD == LIKELIHOOD_LAPLACE) nll = valuesOfImage() * log(2.0 * s) + sums.x / s;
    Nll[row] = vec4(nll, 0.0, 0.0, 0.0);
}

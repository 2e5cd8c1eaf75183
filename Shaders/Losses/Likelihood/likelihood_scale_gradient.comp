// Of a learned scale s = exp(LogScale), summed over the rows with the weights dNll; zero where s is held at its floor:
//   Gaussian n - sum d^2 / s^2    Laplace n - sum |d| / s    discretized logistic: the sum of likelihood_statistics
#version 450
#include "operands.glsl"
#include "reduce.glsl"
#include "activations.glsl"
#include "likelihood.glsl"
layout(local_size_x = 64) in;

OPERAND(0, Statistics)   // [ROWS, 4]
OPERAND(1, LogScale)     // [1]
OPERAND(2, DNll)         // [ROWS, 1]
RESULT(3, DLogScale)     // [1], written (=)

// grid: one workgroup
void main() {
    float logScale = LOAD(LogScale, 0).x, s = scaleOf(logScale), sum = 0.0;
    for (int row = int(gl_LocalInvocationID.x); row < ROWS; row += 64) {
        vec4 sums = LOAD(Statistics, row);
        float each = sums.w;
        if (LIKELIHOOD == LIKELIHOOD_GAUSSIAN) each = valuesOfImage() - sums.y / (s * s);
        if (LIKELIHOOD == LIKELIHOOD_LAPLACE) each = valuesOfImage() - sums.x / s;
        sum += each * LOAD(DNll, row).x;
    }
    vec4 total = workgroupSum(vec4(sum, 0.0, 0.0, 0.0));
    if (gl_LocalInvocationID.x == 0u) DLogScale[0] = exp(logScale) < SMALLEST_SCALE ? vec4(0.0) : total;
}

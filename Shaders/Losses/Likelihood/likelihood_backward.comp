// dLogits = dNll of the row * d(-log p)/d(logits); the optimal scale's own dependence on xhat cancels where all rows weigh the same:
//   Gaussian (xhat - x) / sigma^2 * link'    Laplace sign(xhat - x) / b * link'    Bernoulli sigmoid(l) - x    logistic: Include/likelihood.glsl
// Laplace is annealed where ANNEALED is set: s * Laplace + (1 - s) * Gaussian, each at its own optimal scale, or both at a fixed one; s comes with the step.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
#include "step.glsl"
#include "likelihood.glsl"
layout(constant_id = 8) const int ANNEALED = 0;

OPERAND(0, Logits)     // [ROWS, .., CHANNELS]
OPERAND(1, X)          // [ROWS / SAMPLES, .., CHANNELS]
OPERAND(2, Totals)     // [4], over all rows (sum |d|, sum d^2, ..)
OPERAND(3, LogScale)   // [1], read where the scale is learned
OPERAND(4, DNll)       // [ROWS, 1]
WORDS(5, Step)         // read where ANNEALED
RESULT(6, DLogits)     // as Logits, written (=)

void main() {
    int index = elementIndex();
    if (index >= ROWS * PIXELS4) return;
    int row = index / PIXELS4;
    vec4 logits = LOAD(Logits, index), xhat = link(logits), x = LOAD(X, row / SAMPLES * PIXELS4 + index % PIXELS4), gradient;
    if (LIKELIHOOD == LIKELIHOOD_BERNOULLI) {
        gradient = sigmoid(logits) - x;
    } else {
        vec4 totals = LOAD(Totals, 0);
        float s = scaleOf(LOAD(LogScale, 0).x, totals);
        if (LIKELIHOOD == LIKELIHOOD_DISCRETIZED_LOGISTIC) {
            gradient = logisticMeanGradient(logisticOf(x, xhat, s), s);
        } else {
            float variance = s * s;
            if (ANNEALED != 0 && SCALE_MODE != SCALE_FIXED)
                variance = max(totals.y / (float(ROWS) * valuesOfImage()), SMALLEST_SCALE * SMALLEST_SCALE);
            vec4 laplace = sign(xhat - x) / s, gaussian = (xhat - x) / variance;
            gradient = LIKELIHOOD == LIKELIHOOD_LAPLACE ? laplace : gaussian;
            if (ANNEALED != 0) gradient = mix(gaussian, laplace, STEP_FLOAT(STEP_LAPLACE_SHARE));
        }
        if (LINK_SIGMOID != 0) gradient *= xhat * (1.0 - xhat);
    }
    DLogits[index] = gradient * LOAD(DNll, row).x * channelMask(index % C4, CHANNELS);
}

// Gradient of the batch mean of -log p(x|z) with respect to the logits; the optimal scale's own dependence on xhat cancels:
//   Gaussian (xhat - x) / sigma^2 / N * link'   Laplace sign(xhat - x) / b / N * link'   Bernoulli (sigmoid(l) - x) / N
// Laplace is annealed where ANNEALED is set: s * Laplace + (1 - s) * Gaussian, each at its own optimal scale, or both at SCALE; s comes with the step.
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
#include "step.glsl"
#include "likelihood.glsl"
layout(constant_id = 6) const int ANNEALED = 0;

OPERAND(0, Logits)     // [BATCH, .., CHANNELS]
OPERAND(1, X)          // as Logits
OPERAND(2, Errors)     // [4], the batch's (sum |d|, sum d^2, ..)
WORDS(3, Step)         // read where ANNEALED
RESULT(4, DLogits)     // as Logits, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * PIXELS4) return;
    vec4 xhat = link(LOAD(Logits, index)), x = LOAD(X, index), gradient;
    float values = float(BATCH) * float(PIXELS4) / float(C4) * float(CHANNELS);
    if (LIKELIHOOD == LIKELIHOOD_BERNOULLI) {
        gradient = (sigmoid(LOAD(Logits, index)) - x) / float(BATCH);
    } else {
        vec4 errors = LOAD(Errors, 0);
        float b = SCALE > 0.0 ? SCALE : max(errors.x / values, SMALLEST_SCALE);
        float variance = SCALE > 0.0 ? SCALE * SCALE : max(errors.y / values, SMALLEST_SCALE * SMALLEST_SCALE);
        vec4 laplace = sign(xhat - x) / (b * float(BATCH)), gaussian = (xhat - x) / (variance * float(BATCH));
        gradient = LIKELIHOOD == LIKELIHOOD_LAPLACE ? laplace : gaussian;
        if (ANNEALED != 0) gradient = mix(gaussian, laplace, STEP_FLOAT(STEP_LAPLACE_SHARE));
        if (LINK_SIGMOID != 0) gradient *= xhat * (1.0 - xhat);
    }
    DLogits[index] = gradient * channelMask(index % C4, CHANNELS);
}

// Gradient of the batch mean of -log p(x|z) with respect to the logits; the optimal scale's own dependence on xhat cancels:
//   Gaussian (xhat - x) / sigma^2 / N * link'   Laplace sign(xhat - x) / b / N * link'   Bernoulli (sigmoid(l) - x) / N
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
#include "likelihood.glsl"

OPERAND(0, Logits)     // [BATCH, .., CHANNELS]
OPERAND(1, X)          // as Logits
OPERAND(2, Errors)     // [4], the batch's (sum |d|, sum d^2, ..)
RESULT(3, DLogits)     // as Logits, written (=)

void main() {
    int index = elementIndex();
    if (index >= BATCH * PIXELS4) return;
    vec4 xhat = link(LOAD(Logits, index)), x = LOAD(X, index), gradient;
    float values = float(BATCH) * float(PIXELS4) / float(C4) * float(CHANNELS);
    if (LIKELIHOOD == LIKELIHOOD_BERNOULLI) {
        gradient = (sigmoid(LOAD(Logits, index)) - x) / float(BATCH);
    } else {
        vec4 errors = LOAD(Errors, 0);
        if (LIKELIHOOD == LIKELIHOOD_LAPLACE) {
            float b = SCALE > 0.0 ? SCALE : max(errors.x / values, SMALLEST_SCALE);
            gradient = sign(xhat - x) / (b * float(BATCH));
        } else {
            float variance = SCALE > 0.0 ? SCALE * SCALE : max(errors.y / values, SMALLEST_SCALE * SMALLEST_SCALE);
            gradient = (xhat - x) / (variance * float(BATCH));
        }
        if (LINK_SIGMOID != 0) gradient *= xhat * (1.0 - xhat);
    }
    DLogits[index] = gradient * channelMask(index % C4, CHANNELS);
}

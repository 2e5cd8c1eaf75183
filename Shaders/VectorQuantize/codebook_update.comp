// Sums[k] <- DECAY Sums[k] + (1 - DECAY) m_k, or count_k times a random row of Encoded where the code is restarted;
// e_k = Sums[k] / smoothed_k,  smoothed_k = (count_k + EPSILON) total / (total + CODES EPSILON)   (arXiv:1711.00937, appendix A.1)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "philox.glsl"
#include "step.glsl"
layout(constant_id = 0) const int CODES = 8;
layout(constant_id = 1) const int D4 = 1;
layout(constant_id = 2) const int ROWS = 1;        // of Encoded
layout(constant_id = 3) const float DECAY = 0.99;
layout(constant_id = 4) const float EPSILON = 1e-5;

OPERAND(0, Batch)       // [CODES, 4 D4 + 4] = (m | n, 0, 0, 0)
OPERAND(1, Counts)      // [CODES, 2] = (count, 1 where restarted)
OPERAND(2, Usage)       // [4] = (total, ..)
OPERAND(3, Sums)        // [CODES, 4 D4]
OPERAND(4, Encoded)     // [ROWS, 4 D4]
WORDS(5, Step)
RESULT(6, NewSums)      // as Sums, written (=), in place
RESULT(7, Codebook)     // [CODES, 4 D4], written (=)

const uint STREAM_RESTART = 0x20u;

void main() {
    int index = elementIndex();
    if (index >= CODES * D4) return;
    int k = index / D4, d = index % D4;
    vec4 count = LOAD(Counts, k);
    vec4 sum = DECAY * LOAD(Sums, index) + (1.0 - DECAY) * LOAD(Batch, k * (D4 + 1) + d);
    if (count.y > 0.0) {
        uint row, low;
        umulExtended(STEP_DRAW(STREAM_RESTART, k).x, uint(ROWS), row, low);
        sum = count.x * LOAD(Encoded, int(row) * D4 + d);
    }
    float total = LOAD(Usage, 0).x;
    float smoothed = (count.x + EPSILON) * (total / (total + float(CODES) * EPSILON));
    NewSums[index] = sum;
    Codebook[index] = sum / smoothed;
}

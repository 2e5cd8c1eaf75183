// Counts[k] <- (DECAY Counts[k] + (1 - DECAY) n_k, 0), or (RESTART_COUNT, 1) where that falls below RESTART_BELOW;
// Usage = (sum of the counts, codes restarted, exp of the entropy of the counts, 0).
#version 450
#include "operands.glsl"
#include "reduce.glsl"
layout(local_size_x = 64) in;
layout(constant_id = 0) const int CODES = 8;
layout(constant_id = 1) const int WIDTH4 = 2;      // vec4s of a row of Batch
layout(constant_id = 2) const float DECAY = 0.99;
layout(constant_id = 3) const float RESTART_BELOW = 0.0;
layout(constant_id = 4) const float RESTART_COUNT = 1.0;

OPERAND(0, Batch)       // [CODES, 4 WIDTH4] = (sums | n, 0, 0, 0)
OPERAND(1, Counts)      // [CODES, 2]
RESULT(2, NewCounts)    // as Counts, written (=), in place
RESULT(3, Usage)        // [4], written (=)

// grid: one workgroup
void main() {
    vec4 sum = vec4(0.0);
    for (int t = 0; t < (CODES + 63) / 64; t++) {
        int k = 64 * t + int(gl_LocalInvocationID.x);
        if (k < CODES) {
            float count = DECAY * LOAD(Counts, k).x + (1.0 - DECAY) * LOAD(Batch, k * WIDTH4 + WIDTH4 - 1).x;
            bool dead = count < RESTART_BELOW;
            if (dead) count = RESTART_COUNT;
            NewCounts[k] = vec4(count, dead ? 1.0 : 0.0, 0.0, 0.0);
            sum += vec4(count, dead ? 1.0 : 0.0, count > 0.0 ? count * log(count) : 0.0, 0.0);
        }
    }
    sum = workgroupSum(sum);
    float total = max(sum.x, 1e-30);
    if (gl_LocalInvocationID.x == 0u) Usage[0] = vec4(sum.xy, exp(log(total) - sum.z / total), 0.0);
}

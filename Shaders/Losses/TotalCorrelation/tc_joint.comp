// Joint[i, m] = log q(z_i | x_m) = sum_j log N(z_ij; mu_mj, sigma_mj^2)
#version 450
#include "operands.glsl"
#include "elementwise.glsl"
#include "activations.glsl"
#include "posterior.glsl"
#include "gaussian_density.glsl"

OPERAND(0, Z)        // [BATCH, 4 LATENT4]
OPERAND(1, Head)     // [BATCH, 8 LATENT4] = (mu | log sigma^2)
RESULT(2, Joint)     // [BATCH, BATCH], written (=)

const int BATCH4 = (BATCH + 3) / 4;

void main() {
    int index = elementIndex();
    if (index >= BATCH * BATCH4) return;
    int i = index / BATCH4, m4 = index % BATCH4;
    vec4 sum = vec4(0.0);
    for (int j4 = 0; j4 < LATENT4; j4++) {
        vec4 z = LOAD(Z, i * LATENT4 + j4);
        [[unroll]] for (int c = 0; c < 4; c++) {
            int at = min(4 * m4 + c, BATCH - 1) * 2 * LATENT4 + j4;
            vec4 density = logNormal(z, LOAD(Head, at), clampLogVariance(LOAD(Head, at + LATENT4)));
            sum[c] += density.x + density.y + density.z + density.w;
        }
    }
    Joint[index] = sum * channelMask(m4, BATCH);
}

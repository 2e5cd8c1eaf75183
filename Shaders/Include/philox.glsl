// Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror, Shaw 2011): a draw is a pure function of (seed, step, stream,
// element), so nothing is carried along and any draw can be made again. Twin of VaeProcgen.Runtime.Latents.Philox.
const uint STREAM_AUGMENT = 1u;
const uint STREAM_POSTERIOR = 2u;
const uint STREAM_FLOW_NOISE = 3u;
const uint STREAM_FLOW_TIME = 4u;
const uint STREAM_FLOW_POSTERIOR = 5u;
const uint STREAM_SECOND_LAYER = 6u;
const uint STREAM_BINARIZE = 7u;
const uint STREAM_CORRUPT = 0x40u;
const uint STREAM_CORRUPT_NOISE = 0x41u;

uvec4 philox(uvec2 key, uvec4 counter) {
    [[unroll]] for (int round_ = 0; round_ < 10; round_++) {
        uint high0, low0, high1, low1;
        umulExtended(0xD2511F53u, counter.x, high0, low0);
        umulExtended(0xCD9E8D57u, counter.z, high1, low1);
        counter = uvec4(high1 ^ counter.y ^ key.x, low1, high0 ^ counter.w ^ key.y, low0);
        key += uvec2(0x9E3779B9u, 0xBB67AE85u);
    }
    return counter;
}

// In (0, 1]: 24 random bits and a half, which rounds to 1 at the very top.
vec4 uniform01(uvec4 bits) { return (vec4(bits >> 8) + 0.5) * (1.0 / 16777216.0); }

// 2 pi times so many turns, brought into [-pi, pi]: sin and cos promise nothing outside.
vec4 angleOf(vec4 turns) { return 6.28318530717958648 * (turns - floor(turns + 0.5)); }

// Four standard normals by Box-Muller: r = sqrt(-2 ln u), (r cos 2 pi v, r sin 2 pi v). Next to 1, log may err to above 0.
vec4 normal4(uvec4 bits) {
    vec4 u = uniform01(bits);
    vec2 radius = sqrt(max(-2.0 * log(u.xz), 0.0));
    vec2 angle = angleOf(u).yw;
    return vec4(radius.x * cos(angle.x), radius.x * sin(angle.x), radius.y * cos(angle.y), radius.y * sin(angle.y));
}

// A pixel of a decoded image as stored images have it: straight alpha, sRGB, each value a whole number from 0 to 255 in a float; alpha -1
// marks a pixel without a colour. Needs srgb.glsl. A kernel declares before: the operand Palette, [COLOURS + 1, 4] = (L, a, b, packed RGB), and
// (spread, 0, 0, 0) last; and the constants ALPHA_THRESHOLD (0: alpha as it is; else alpha is 255 from here on, and 0 below), COLOURS (of the
// palette; 0: none) and DITHER.
const vec4 HIDDEN = vec4(0.0, 0.0, 0.0, -1.0);

vec4 bytesOf(vec4 value) {
    precise vec4 scaled = clamp(value, 0.0, 1.0) * 255.0;
    precise vec4 shifted = scaled + 0.5;
    return floor(shifted);
}

// Oklab of linear sRGB (B. Ottosson 2020, https://bottosson.github.io/posts/oklab). Twin of VaeProcgen.Runtime.Decode.Oklab.
vec3 oklabOf(vec3 light) {
    vec3 cones = vec3(
        dot(light, vec3(0.4122214708, 0.5363325363, 0.0514459929)),
        dot(light, vec3(0.2119034982, 0.6806995451, 0.1073969566)),
        dot(light, vec3(0.0883024619, 0.2817188376, 0.6299787005)));
    vec3 root = pow(max(cones, vec3(1e-12)), vec3(1.0 / 3.0));
    return vec3(
        dot(root, vec3(0.2104542553, 0.7936177850, -0.0040720468)),
        dot(root, vec3(1.9779984951, -2.4285922050, 0.4505937099)),
        dot(root, vec3(0.0259040371, 0.7827717662, -0.8086757660)));
}

// The 8 x 8 threshold matrix of Bayer (1973), (0.5 .. 63.5) / 64: the bits of x ^ y and y, reversed and interleaved.
float bayer(int x, int y) {
    int mixed = x ^ y;
    int rank = (mixed & 1) << 5 | (y & 1) << 4 | (mixed & 2) << 2 | (y & 2) << 1 | (mixed & 4) >> 1 | (y & 4) >> 2;
    return (float(rank) + 0.5) / 64.0;
}

// The nearest of the palette, the first among equals.
vec3 paletteColour(vec3 colour, int y, int x) {
    vec3 lab = oklabOf(lightOf(colour));
    if (DITHER != 0) lab.x += LOAD(Palette, COLOURS).x * (bayer(x, y) - 0.5);
    float nearest = 1e30, chosen = LOAD(Palette, 0).w;
    for (int i = 0; i < COLOURS; i++) {
        vec4 entry = LOAD(Palette, i);
        vec3 d = entry.xyz - lab;
        float distance_ = dot(d, d);
        if (distance_ < nearest) { nearest = distance_; chosen = entry.w; }
    }
    uint rgb = uint(chosen);
    return vec3(float(rgb & 255u), float(rgb >> 8 & 255u), float(rgb >> 16));
}

// `value`: premultiplied RGBA.
vec4 finishedPixel(vec4 value, int y, int x) {
    float alpha = bytesOf(value).a;
    if (ALPHA_THRESHOLD > 0.0) alpha = value.a >= ALPHA_THRESHOLD ? 255.0 : 0.0;
    if (!(alpha > 0.0)) return HIDDEN;
    vec3 colour = clamp(value.rgb / value.a, 0.0, 1.0);
    return vec4(COLOURS > 0 ? paletteColour(colour, y, x) : bytesOf(vec4(colour, 0.0)).rgb, alpha);
}

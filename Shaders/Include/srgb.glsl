// The transfer function of sRGB (IEC 61966-2-1) between stored values and light, both in [0, 1].
vec3 lightOf(vec3 stored) {
    return mix(pow((stored + 0.055) * (1.0 / 1.055), vec3(2.4)), stored * (1.0 / 12.92), lessThanEqual(stored, vec3(0.04045)));
}

vec3 storedOf(vec3 light) {
    return mix(1.055 * pow(light, vec3(1.0 / 2.4)) - 0.055, 12.92 * light, lessThanEqual(light, vec3(0.0031308)));
}

// RGBA8, red in the lowest byte, each value rounded to nearest. `precise`: contracted to a fused multiply-add, ties would go elsewhere.
uint wordOf(vec4 colour) {
    precise vec4 scaled = clamp(colour, 0.0, 1.0) * 255.0;
    precise vec4 shifted = scaled + 0.5;
    uvec4 bytes = uvec4(shifted);
    return bytes.r | bytes.g << 8 | bytes.b << 16 | bytes.a << 24;
}

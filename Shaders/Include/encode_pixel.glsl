// A finished pixel (finish_pixel.glsl) to its word. Needs srgb.glsl, and the constants LINEAR (RGB is stored as light) and PREMULTIPLY (the
// encoded RGB is multiplied by alpha) declared before.
uint encodedWord(vec4 finished) {
    vec4 pixel = max(finished, 0.0) / 255.0;
    if (LINEAR != 0) pixel.rgb = lightOf(pixel.rgb);
    if (PREMULTIPLY != 0) pixel.rgb *= pixel.a;
    return wordOf(pixel);
}

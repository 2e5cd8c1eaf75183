// conv_gather for results of at most 4 channels (the last layer of a decoder): lanes lie over pixels, since one vec4 of columns
// would leave the others idle.  Result[row, 0..3] = sum over taps t, channels c of  X[source(row, t), c] * Weight[t, c, 0..3]
// PHASES_TOGETHER: of a transposed convolution with kernel 4, stride 2 and pad 1, which exactly doubles the size, each invocation computes
// both phases of columns, for one of rows, of 2x2 pixels; they read the same 3x4 pixels, three eighths of what they read one by one.
// CHANNEL_STEP, 4 or 8, divides 4 IN_C4. A kernel declares X, Weight, Bias and Mask before, and defines STORE(pixel index, vec4).

#if PATH_TEXEL && PHASES_TOGETHER

// grid: x and the higher half of z = groups of 8 blocks of 2x2 pixels of the input, z % 2 = phases of rows
const int BLOCKS_H = (IN_H + 1) / 2, BLOCKS_W = (IN_W + 1) / 2, BLOCKS = BATCH * BLOCKS_H * BLOCKS_W;
layout(local_size_x = 8) in;

void main() {
    int lane = int(gl_LocalInvocationID.x), py = int(gl_WorkGroupID.z) % 2;
    int block = (rowGroup() * 2 + int(gl_WorkGroupID.z) % 4 / 2) * 8 + lane;
    int image = block < BLOCKS ? block / (BLOCKS_H * BLOCKS_W) : -1;
    ivec2 first = 2 * ivec2(block / BLOCKS_W % BLOCKS_H, block % BLOCKS_W);
    int source[12];
    [[unroll]] for (int i = 0; i < 12; i++) source[i] = inputPixel(image, first + ivec2(py + i / 4, i % 4) - 1) * IN_C4;
    vec4 sums[2][4];                               // phases of columns, pixels of the block
    [[unroll]] for (int p = 0; p < 2; p++) [[unroll]] for (int i = 0; i < 4; i++) sums[p][i] = vec4(0.0);

    for (int c = 0; c < IN_C4; c++) {
        vec4 x[12];
        [[unroll]] for (int i = 0; i < 12; i++) x[i] = LOAD(X, source[i] + c);
        // Output 2y + p reads the kernel's rows r = 1 - p and 3 - p, at the inputs y + (p + 1 - r) / 2; so do columns.
        [[unroll]] for (int p = 0; p < 2; p++) [[unroll]] for (int v = 0; v < 2; v++) {
            int r = 1 - py + 2 * v, s = 1 - p;
            vec4 staged = LOAD(Weight, ((4 * r + s + lane / 4 * 2) * IN_C4 + c) * 4 + lane % 4);   // taps s and s + 2 in one fetch
            [[unroll]] for (int u = 0; u < 2; u++) [[unroll]] for (int k = 0; k < 4; k++) {
                vec4 w = vec4(subgroupShuffle(staged.x, 4 * u + k), subgroupShuffle(staged.y, 4 * u + k),
                              subgroupShuffle(staged.z, 4 * u + k), subgroupShuffle(staged.w, 4 * u + k));
                [[unroll]] for (int i = 0; i < 4; i++)
                    sums[p][i] += x[(i / 2 + 1 - v) * 4 + i % 2 + p - u + 1][k] * w;
            }
        }
    }
    [[unroll]] for (int p = 0; p < 2; p++) [[unroll]] for (int i = 0; i < 4; i++) {
        ivec2 at = first + ivec2(i / 2, i % 2);
        int target = ((image * IN_H + at.x) * 2 + py) * OUT_W + 2 * at.y + p;
        if (image >= 0 && at.x < IN_H && at.y < IN_W) STORE(target, EPILOGUE(sums[p][i], 0, target));
    }
}

#else

// grid: x = groups of 8 * PIXELS rows (texel) or 64 rows (shared), z = phases
#if PATH_TEXEL
const int PIXELS = 4;
layout(local_size_x = 8) in;
#else
const int PIXELS = 1;
layout(local_size_x = 64) in;
#endif

void main() {
    if (rowGroup() * int(gl_WorkGroupSize.x) * PIXELS >= ROWS) return;   // the grid may count smaller groups
    int lane = int(gl_LocalInvocationID.x);
    ivec2 phase = phaseOfGroup();
    Taps taps = tapsOf(phase);
    Row rows[PIXELS];
    Source sources[PIXELS];
    vec4 sums[PIXELS];
    [[unroll]] for (int r = 0; r < PIXELS; r++) {
        rows[r] = rowAt((rowGroup() * PIXELS + r) * int(gl_WorkGroupSize.x) + lane);
        sources[r] = sourceOf(rows[r]);
        sums[r] = vec4(0.0);
    }
    int count = tapCount(taps);
    for (int t = 0; t < count; t++) {
        int weightAt = kernelTap(taps, t) * IN_C4 * 4;
        Tap tap = tapAt(taps, t);
        int inputs[PIXELS];
        [[unroll]] for (int r = 0; r < PIXELS; r++) inputs[r] = inputAt(sources[r], tap);
        for (int c = 0; c < IN_C4 * 4; c += CHANNEL_STEP) {
#if PATH_TEXEL
            vec4 staged = LOAD(Weight, weightAt + c + lane % CHANNEL_STEP);   // CHANNEL_STEP weight rows in one fetch
#endif
            [[unroll]] for (int q = 0; q < CHANNEL_STEP / 4; q++) {
                vec4 x[PIXELS];
                [[unroll]] for (int r = 0; r < PIXELS; r++) x[r] = LOAD(X, inputs[r] + c / 4 + q);
                [[unroll]] for (int k = 0; k < 4; k++) {
#if PATH_TEXEL
                    vec4 w = vec4(subgroupShuffle(staged.x, 4 * q + k), subgroupShuffle(staged.y, 4 * q + k),
                                  subgroupShuffle(staged.z, 4 * q + k), subgroupShuffle(staged.w, 4 * q + k));
#else
                    vec4 w = LOAD(Weight, weightAt + c + 4 * q + k);
#endif
                    [[unroll]] for (int r = 0; r < PIXELS; r++) sums[r] += x[r][k] * w;
                }
            }
        }
    }
    [[unroll]] for (int r = 0; r < PIXELS; r++) {
        int target = outputPixel(rows[r], phase);
        if (target >= 0) STORE(target, EPILOGUE(sums[r], 0, target));
    }
}
#endif

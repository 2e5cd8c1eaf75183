// Where a convolution reads. Both directions walk output pixels ("rows") and taps; only the source of a tap differs:
//   forward:  source = stride * y - pad + r
//   adjoint:  y = stride * source - pad + r, solved for the source: only taps with (y + pad - r) divisible by the stride
//             contribute, so outputs are grouped by y mod stride (their parity) and each group has its own short list of taps.
// Adjoint is the transposed convolution, and the gradient of a convolution with respect to its input.
layout(constant_id = 0) const int BATCH = 1;
layout(constant_id = 1) const int IN_H = 1;
layout(constant_id = 2) const int IN_W = 1;
layout(constant_id = 3) const int IN_C4 = 1;       // vec4s of channels
layout(constant_id = 4) const int OUT_H = 1;
layout(constant_id = 5) const int OUT_W = 1;
layout(constant_id = 6) const int OUT_C = 4;       // real channels
layout(constant_id = 7) const int KERNEL = 1;
layout(constant_id = 8) const int STRIDE = 1;
layout(constant_id = 9) const int PAD = 0;
layout(constant_id = 10) const int CIRCULAR = 0;
layout(constant_id = 11) const int ADJOINT = 0;

const int OUT_C4 = (OUT_C + 3) / 4;
const int PHASES = ADJOINT != 0 ? STRIDE : 1;
const int GRID_H = (OUT_H + PHASES - 1) / PHASES;
const int GRID_W = (OUT_W + PHASES - 1) / PHASES;
const int ROWS = BATCH * GRID_H * GRID_W;
const int ZERO_PIXEL = BATCH * IN_H * IN_W;        // the pixel of zeros past the input

struct Row { int image; int y; int x; };           // y, x on the phase's grid; image < 0: past the last row

Row rowAt(int index) {
    Row row;
    row.x = index % GRID_W;
    int q = index / GRID_W;
    row.y = q % GRID_H;
    row.image = index < ROWS ? q / GRID_H : -1;
    return row;
}

struct Taps { ivec2 first; ivec2 count; ivec2 offset; };   // (y, x) of this phase

Taps tapsOf(ivec2 phase) {
    Taps taps;
    if (ADJOINT != 0) {
        taps.first = (phase + PAD) % STRIDE;
        // Where the stride divides the kernel, a constant: divisions by what the compiler does not know are slow on processors.
        taps.count = KERNEL % STRIDE == 0 ? ivec2(KERNEL / STRIDE) : (KERNEL - taps.first + STRIDE - 1) / STRIDE;
        taps.offset = (phase + PAD - taps.first) / STRIDE;
    } else {
        taps.first = ivec2(0);
        taps.count = ivec2(KERNEL);
        taps.offset = ivec2(-PAD);
    }
    return taps;
}

int tapCount(Taps taps) { return taps.count.x * taps.count.y; }

// Index of tap t in the kernel, r * KERNEL + s.
int kernelTap(Taps taps, int t) {
    ivec2 step_ = ivec2(t / taps.count.y, t % taps.count.y);
    ivec2 rs = ADJOINT != 0 ? taps.first + STRIDE * step_ : step_;
    return rs.x * KERNEL + rs.y;
}

// Pixel index in the input, or that of zeros outside.
int inputPixel(int image, ivec2 at) {
    // A kernel may reach past a small image more than once; adding KERNEL whole turns keeps the remainder's sign positive.
    // (Scalar products: SPIRV-Tools folds a product of a vector of specialization constants to an invalid module.)
    if (CIRCULAR != 0) at = (at + ivec2(KERNEL * IN_H, KERNEL * IN_W)) % ivec2(IN_H, IN_W);
    bool inside = image >= 0 && uint(at.x) < uint(IN_H) && uint(at.y) < uint(IN_W);
    return inside ? (image * IN_H + at.x) * IN_W + at.y : ZERO_PIXEL;
}

// How far tap t reads from where the row lies on the input.
ivec2 tapOffset(Taps taps, int t) {
    ivec2 step_ = ivec2(t / taps.count.y, t % taps.count.y);
    return ADJOINT != 0 ? taps.offset - step_ : taps.offset + step_;
}

int sourcePixel(Row row, ivec2 tapOffset_) {
    const int step_ = ADJOINT != 0 ? 1 : STRIDE;
    return inputPixel(row.image, step_ * ivec2(row.y, row.x) + tapOffset_);
}

int sourcePixel(Row row, Taps taps, int t) { return sourcePixel(row, tapOffset(taps, t)); }

// Pixel index in the output, or -1 where this row has none.
int outputPixel(Row row, ivec2 phase) {
    ivec2 at = PHASES * ivec2(row.y, row.x) + phase;
    return row.image >= 0 && at.x < OUT_H && at.y < OUT_W ? (row.image * OUT_H + at.x) * OUT_W + at.y : -1;
}

// Where a workgroup is: groups of rows lie along x, and where they are more than any device allows there, in layers along z, above the phases.
int rowGroup() { return int(gl_WorkGroupID.x + gl_NumWorkGroups.x * (gl_WorkGroupID.z / uint(PHASES * PHASES))); }

ivec2 phaseOfGroup() {
    int index = int(gl_WorkGroupID.z) % (PHASES * PHASES);
    return ivec2(index / PHASES, index % PHASES);
}

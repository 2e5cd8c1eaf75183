// Where a convolution reads. Both directions walk output pixels ("rows") and taps; only the source of a tap differs:
//   forward:  source = stride * y - pad + r
//   adjoint:  y = stride * source - pad + r, solved for the source: only taps with (y + pad - r) divisible by the stride
//             contribute, so outputs are grouped by y mod stride (their parity) and each group has its own short list of taps.
// Adjoint is the transposed convolution, and the gradient of a convolution with respect to its input.
//
// What loops call chooses by mix, and has no ?:, if or &&, of which GLSL makes branches, even where a specialization constant decides: of a loop that had
// one when it came to the driver, lavapipe writes all that is carried from turn to turn twice, which takes a quarter of a product's time.
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
    row.image = mix(-1, q / GRID_H, index < ROWS);
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
    ivec2 rs = mix(step_, taps.first + STRIDE * step_, bvec2(ADJOINT != 0));
    return rs.x * KERNEL + rs.y;
}

// A kernel may reach past a small image more than once; adding KERNEL whole turns keeps the remainder's sign positive.
// (Scalar products: SPIRV-Tools folds a product of a vector of specialization constants to an invalid module.)
ivec2 wrap(ivec2 at) { return (at + ivec2(KERNEL * IN_H, KERNEL * IN_W)) % ivec2(IN_H, IN_W); }

bool isInside(ivec2 at) { return all(lessThan(uvec2(at), uvec2(IN_H, IN_W))); }

// Pixel index in the input, or that of zeros outside.
int inputPixel(int image, ivec2 at) {
    at = mix(at, wrap(at), bvec2(CIRCULAR != 0));
    return mix(ZERO_PIXEL, (image * IN_H + at.x) * IN_W + at.y, all(bvec2(isInside(at), image >= 0)));
}

// Where a row lies on the input, and how far from there a tap reads: (y, x) in pixels, and an index in vec4s. Both are found once for many uses, so that
// a pair of them costs no multiplication.
struct Source { ivec2 at; int index; };
struct Tap { ivec2 offset; int index; };

const int FAR_OUTSIDE = -(1 << 24);                // whatever the tap

Source sourceOf(Row row) {
    const int step_ = ADJOINT != 0 ? 1 : STRIDE;
    ivec2 at = step_ * ivec2(row.y, row.x);
    Source source;
    source.at = mix(at, ivec2(FAR_OUTSIDE), bvec2(row.image < 0));
    source.index = ((row.image * IN_H + at.x) * IN_W + at.y) * IN_C4;
    return source;
}

Tap tapAt(Taps taps, int t) {
    ivec2 step_ = ivec2(t / taps.count.y, t % taps.count.y);
    Tap tap;
    tap.offset = taps.offset + mix(step_, -step_, bvec2(ADJOINT != 0));
    tap.index = (tap.offset.x * IN_W + tap.offset.y) * IN_C4;
    return tap;
}

// Index in vec4s of the pixel of the input that the row reads at the tap.
int inputAt(Source source, Tap tap) {
    ivec2 at = source.at + tap.offset;
    ivec2 wrapped = mix(at, wrap(at), bvec2(all(bvec2(CIRCULAR != 0, source.at.x != FAR_OUTSIDE))));
    int index = source.index + tap.index + ((wrapped.x - at.x) * IN_W + wrapped.y - at.y) * IN_C4;
    return mix(ZERO_PIXEL * IN_C4, index, isInside(wrapped));
}

// Pixel index in the output, or -1 where this row has none.
int outputPixel(Row row, ivec2 phase) {
    ivec2 at = PHASES * ivec2(row.y, row.x) + phase;
    return mix(-1, (row.image * OUT_H + at.x) * OUT_W + at.y, all(bvec2(all(lessThan(at, ivec2(OUT_H, OUT_W))), row.image >= 0)));
}

// Where a workgroup is: groups of rows lie along x, and where they are more than any device allows there, in layers along z, above the phases.
int rowGroup() { return int(gl_WorkGroupID.x + gl_NumWorkGroups.x * (gl_WorkGroupID.z / uint(PHASES * PHASES))); }

ivec2 phaseOfGroup() {
    int index = int(gl_WorkGroupID.z) % (PHASES * PHASES);
    return ivec2(index / PHASES, index % PHASES);
}

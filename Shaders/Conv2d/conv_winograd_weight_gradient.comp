// conv_weight_gradient for kernel 4, stride 2 and pad 1, with 9 multiplications in place of 16 (Include/winograd.glsl): of a tile of 2x2 output
// pixels, the taps t = 0, 1 of a part see  sum over l of d[t + l] dy[l],  the same form with dy in the filter's place. So
//   Partials[chunk, part, 3 a + b, c, k] = sum over tiles of the chunk of  D[a, b][part, c] * S[a, b][k]
// with D as in conv_winograd, and S the sum of the tile's dy over rows T(a) and columns T(b), T(0) = {0}, T(1) = {0, 1}, T(2) = {1}.
// winograd_weight_gradient makes dWeight of them.
// @variant texel TILE 32
// @variant shared TILE 64064 32064 64032 32032
#version 450
#include "operands.glsl"
#include "conv_geometry.glsl"
#include "winograd.glsl"
layout(constant_id = 12) const int CHUNK = 64;     // tiles a chunk

OPERAND(0, X)        // [BATCH, IN_H, IN_W, 4 IN_C4]
OPERAND(1, DY)       // [BATCH, OUT_H, OUT_W, OUT_C]
RESULT(2, Partials)  // [chunks, 4, 9, 4 IN_C4, 4 OUT_C4], written (=)

const int MIDDLE = 0, EDGE = 1, CORNER = 2;

// grid: x = parts, products and tiles of channels, y = tiles of columns, z = chunks
ivec2 part = partOf(int(gl_WorkGroupID.x) % 36 / 9);
ivec2 ab = ivec2(int(gl_WorkGroupID.x) % 9 / 3, int(gl_WorkGroupID.x) % 3);
int kind = int(ab.x != 1) + int(ab.y != 1);

// Where the operands of one tile begin: the four pixels of D, and those of S that are summed (an edge has two, the middle four).
struct Operands { int self; int row; int column; int middle; int dy[4]; };

int dyPixel(Tile tile, ivec2 l) {
    ivec2 at = tile.first + l;
    return mix(ROWS, (tile.image * OUT_H + at.x) * OUT_W + at.y, all(bvec2(all(lessThan(at, ivec2(OUT_H, OUT_W))), tile.image >= 0))) * OUT_C4;
}

Operands operandsOf(Tile tile) {
    Operands o;
    o.self = tileSource(tile, part, ab) * IN_C4;
    o.row = tileSource(tile, part, ivec2(ab.x, 1)) * IN_C4;
    o.column = tileSource(tile, part, ivec2(1, ab.y)) * IN_C4;
    o.middle = tileSource(tile, part, ivec2(1)) * IN_C4;
    ivec2 first = ab / 2, next = mix(ivec2(first.x, 1), ivec2(1, first.y), bvec2(ab.x == 1));
    o.dy[0] = dyPixel(tile, first);
    o.dy[1] = dyPixel(tile, next);
    o.dy[2] = dyPixel(tile, ivec2(0, 1));
    o.dy[3] = dyPixel(tile, ivec2(1));
    return o;
}

#define D(KIND, O, C) (KIND == MIDDLE ? LOAD(X, O.middle + C) : KIND == EDGE ? LOAD(X, O.self + C) - LOAD(X, O.middle + C) : \
    (LOAD(X, O.self + C) - LOAD(X, O.row + C)) - (LOAD(X, O.column + C) - LOAD(X, O.middle + C)))
#define S(KIND, O, K) (KIND == CORNER ? LOAD(DY, O.dy[0] + K) : KIND == EDGE ? LOAD(DY, O.dy[0] + K) + LOAD(DY, O.dy[1] + K) : \
    (LOAD(DY, O.dy[0] + K) + LOAD(DY, O.dy[1] + K)) + (LOAD(DY, O.dy[2] + K) + LOAD(DY, O.dy[3] + K)))

#if PATH_TEXEL

// A step is a tile of output pixels. Lane l finds where the operands of tile l of 8 are.
#include "tile_texel_outer.glsl"
vec4 sums[TILE];

void addTiles(const int of, int first, int last, int lane, int c4, int column) {
    // The loop of another kind than this workgroup's makes no turn. Its end is found before it: of may be 0 (operands.glsl).
    int end = of == kind ? last : first;
    for (int p = first; p < end; p += 8) {
        Operands mine = operandsOf(tileAt(mix(TILES, p + lane, p + lane < last)));
        [[unroll]] for (int half_ = 0; half_ < 8; half_ += 4) {
            vec4 x[4], dy[4];
            [[unroll]] for (int u = 0; u < 4; u++) {
                Operands o;
                o.self = subgroupShuffle(mine.self, half_ + u);
                o.row = subgroupShuffle(mine.row, half_ + u);
                o.column = subgroupShuffle(mine.column, half_ + u);
                o.middle = subgroupShuffle(mine.middle, half_ + u);
                [[unroll]] for (int l = 0; l < 4; l++) o.dy[l] = subgroupShuffle(mine.dy[l], half_ + u);
                x[u] = D(of, o, c4);
                dy[u] = S(of, o, column);
            }
            ADD_OUTER_PRODUCTS(x, dy)
        }
    }
}

void main() {
    int lane = int(gl_LocalInvocationID.x);
    int firstC4 = int(gl_WorkGroupID.x) / 36 * 8;
    int j4 = int(gl_WorkGroupID.y) * 8 + lane;
    int c4 = min(firstC4 + lane, IN_C4 - 1), column = min(j4, OUT_C4 - 1);
    [[unroll]] for (int i = 0; i < TILE; i++) sums[i] = vec4(0.0);
    int first = int(gl_WorkGroupID.z) * CHUNK, last = min(first + CHUNK, TILES);
    addTiles(MIDDLE, first, last, lane, c4, column);
    addTiles(EDGE, first, last, lane, c4, column);
    addTiles(CORNER, first, last, lane, c4, column);
    int block = (int(gl_WorkGroupID.z) * 36 + int(gl_WorkGroupID.x) % 36) * 4 * IN_C4 + 4 * firstC4;
    [[unroll]] for (int i = 0; i < TILE; i++)
        if (4 * firstC4 + i < 4 * IN_C4 && j4 < OUT_C4) Partials[(block + i) * OUT_C4 + j4] = sums[i];
}

#else
#include "tile_shared.glsl"

void main() {
    const int M4 = TILE_M / 4;
    int lane = int(gl_LocalInvocationIndex);
    int firstC4 = int(gl_WorkGroupID.x) / 36 * M4, firstColumn = int(gl_WorkGroupID.y) * TILE_N4;
    int first = int(gl_WorkGroupID.z) * CHUNK, last = min(first + CHUNK, TILES);
    tileClear();
    for (int p = first; p < last; p += 16) {
        [[unroll]] for (int s = 0; s < TILE_STAGES_A; s++) {
            int at = lane + s * TILE_INVOCATIONS, mine = p + at / M4, c4 = firstC4 + at % M4;
            Operands o = operandsOf(tileAt(mine < last ? mine : TILES));
            vec4 x = vec4(0.0);
            if (c4 < IN_C4) x = kind == MIDDLE ? D(MIDDLE, o, c4) : kind == EDGE ? D(EDGE, o, c4) : D(CORNER, o, c4);
            [[unroll]] for (int i = 0; i < 4; i++) stageA(at / M4, at % M4 * 4 + i, x[i]);
        }
        [[unroll]] for (int s = 0; s < TILE_STAGES_B; s++) {
            int at = lane + s * TILE_INVOCATIONS, mine = p + at / TILE_N4, j4 = firstColumn + at % TILE_N4;
            Operands o = operandsOf(tileAt(mine < last ? mine : TILES));
            vec4 dy = vec4(0.0);
            if (j4 < OUT_C4) dy = kind == MIDDLE ? S(MIDDLE, o, j4) : kind == EDGE ? S(EDGE, o, j4) : S(CORNER, o, j4);
            stageB(at / TILE_N4, at % TILE_N4, dy);
        }
        tileMultiply();
    }
    int column = firstColumn + tileColumn4();
    int block = (int(gl_WorkGroupID.z) * 36 + int(gl_WorkGroupID.x) % 36) * 4 * IN_C4 + 4 * firstC4;
    [[unroll]] for (int i = 0; i < TILE_EACH; i++) {
        int row = tileRow() + i;
        if (4 * firstC4 + row < 4 * IN_C4 && column < OUT_C4) Partials[(block + row) * OUT_C4 + column] = tileSums[i];
    }
}
#endif

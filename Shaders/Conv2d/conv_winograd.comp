// conv_gather for kernel 4, stride 2 and pad 1, with 9 multiplications in place of 16 (Include/winograd.glsl): 2x2 outputs y[i, j] of a tile are
//   y[i, j] = sum over a in {i, i + 1}, b in {j, j + 1} of P[a, b],
//   P[a, b] = sum over parts, channels c of  D[a, b][part, c] * Weight[part, 3 a + b, c, k]
// with D the differences of the nine pixels d of the tile and part: of 1 pixel in the middle, 2 at an edge, 4 at a corner.
// @variant texel TILE 4 8 16
// @variant shared TILE 64064 32064 64032 32032
#version 450
#include "operands.glsl"
#include "conv_geometry.glsl"
#include "activations.glsl"
#include "conv_epilogue.glsl"
#include "winograd.glsl"

OPERAND(0, X)        // [BATCH, IN_H, IN_W, 4 IN_C4]
OPERAND(1, Weight)   // [4, 9, 4 IN_C4, 4 OUT_C4], as winograd_weight makes it
OPERAND(2, Bias)     // [OUT_C], read where HAS_BIAS
OPERAND(3, Mask)     // as Y, read where MASK_ACTIVATION
RESULT(4, Y)         // [BATCH, OUT_H, OUT_W, OUT_C], written (=)

const int PARTS = ADJOINT != 0 ? 1 : 4;            // that are summed here; adjoint, the phase is the part
const int MIDDLE = 0, EDGE = 1, CORNER = 2;

// The four pixels of D[a, b]: itself, its neighbours towards the middle in either direction, and the middle.
struct Sources { int self; int row; int column; int middle; };

Sources sourcesOf(Tile tile, ivec2 part, ivec2 ab) {
    return Sources(tileSource(tile, part, ab) * IN_C4, tileSource(tile, part, ivec2(ab.x, 1)) * IN_C4,
                   tileSource(tile, part, ivec2(1, ab.y)) * IN_C4, tileSource(tile, part, ivec2(1)) * IN_C4);
}

#define DIFFERENCE(KIND, S, C) (KIND == MIDDLE ? LOAD(X, S.middle + C) : KIND == EDGE ? LOAD(X, S.self + C) - LOAD(X, S.middle + C) : \
    (LOAD(X, S.self + C) - LOAD(X, S.row + C)) - (LOAD(X, S.column + C) - LOAD(X, S.middle + C)))

ivec2 phase = phaseOfGroup();

// Where the weights of product (a, b) begin, for what is summed as part i.
int weightOf(int i, ivec2 ab) { return (mix(i, 2 * phase.x + phase.y, ADJOINT != 0) * 9 + 3 * ab.x + ab.y) * 4 * IN_C4; }

ivec2 summedPart(int i) { return mix(partOf(i), phase, bvec2(ADJOINT != 0)); }

int outputOf(Tile tile, ivec2 ij) {
    Row row;
    row.image = tile.image;
    row.y = tile.first.x + ij.x;
    row.x = tile.first.y + ij.y;
    return mix(-1, outputPixel(row, phase), all(bvec2(row.y < GRID_H, row.x < GRID_W)));
}

// grid: x = groups of tiles, y = tiles of columns, z = phases, see rowGroup
#if PATH_TEXEL

#include "tile_texel.glsl"
vec4 sums[TILE];

void addProduct(const int kind, ivec2 ab, Tile tiles[FETCHES], int column) {
    for (int i = 0; i < PARTS; i++) {
        Sources from[FETCHES];
        [[unroll]] for (int f = 0; f < FETCHES; f++) from[f] = sourcesOf(tiles[f], summedPart(i), ab);
        int weightAt = weightOf(i, ab) * OUT_C4 + column;
        for (int c = 0; c < IN_C4; c++) {
            vec4 w[4], x[FETCHES];
            [[unroll]] for (int k = 0; k < 4; k++) w[k] = LOAD(Weight, weightAt + (c * 4 + k) * OUT_C4);
            [[unroll]] for (int f = 0; f < FETCHES; f++) x[f] = DIFFERENCE(kind, from[f], c);
            ADD_PRODUCTS(x, w)
        }
    }
}

void main() {
    int lane = int(gl_LocalInvocationID.x);
    int j4 = int(gl_WorkGroupID.y) * 8 + lane;
    int column = min(j4, OUT_C4 - 1);              // lanes past the edge repeat the last column and store nothing
    Tile tiles[FETCHES];                           // whose operands this lane fetches
    [[unroll]] for (int f = 0; f < FETCHES; f++) tiles[f] = tileAt(rowGroup() * TILE + f * 8 + lane);

    vec4 y[4][TILE];
    [[unroll]] for (int t = 0; t < TILE; t++) sums[t] = vec4(0.0);
    addProduct(MIDDLE, ivec2(1), tiles, column);
    [[unroll]] for (int o = 0; o < 4; o++) y[o] = sums;
    for (int e = 0; e < 4; e++) {
        bool isRow = e < 2;
        int side = e % 2;
        [[unroll]] for (int t = 0; t < TILE; t++) sums[t] = vec4(0.0);
        addProduct(EDGE, mix(ivec2(1, 2 * side), ivec2(2 * side, 1), bvec2(isRow)), tiles, column);
        [[unroll]] for (int o = 0; o < 4; o++) {
            float counts = float(mix(o % 2, o / 2, isRow) == side);
            [[unroll]] for (int t = 0; t < TILE; t++) y[o][t] += counts * sums[t];
        }
    }
    for (int o = 0; o < 4; o++) {
        ivec2 ij = partOf(o);
        [[unroll]] for (int t = 0; t < TILE; t++)
            sums[t] = mix(mix(y[0][t], y[1][t], bvec4(o == 1)), mix(y[2][t], y[3][t], bvec4(o == 3)), bvec4(o >= 2));
        addProduct(CORNER, 2 * ij, tiles, column);
        int pixels[FETCHES];
        [[unroll]] for (int f = 0; f < FETCHES; f++) pixels[f] = outputOf(tiles[f], ij);
        [[unroll]] for (int t = 0; t < TILE; t++) {
            int target = OF_ROW(pixels, t);
            if (target >= 0 && j4 < OUT_C4) Y[target * OUT_C4 + j4] = EPILOGUE(sums[t], j4, target * OUT_C4 + j4);
        }
    }
}

#else
#include "tile_shared.glsl"

void main() {
    int lane = int(gl_LocalInvocationIndex);
    int firstTile = rowGroup() * TILE_M, firstColumn = int(gl_WorkGroupID.y) * TILE_N4;
    if (firstTile >= TILES) return;                // groups that fill up the last layer
    Tile tiles[TILE_STAGES_A];                     // whose operands this invocation stages
    [[unroll]] for (int s = 0; s < TILE_STAGES_A; s++) tiles[s] = tileAt(firstTile + (lane + s * TILE_INVOCATIONS) / 4);
    vec4 y[4][TILE_EACH];
    [[unroll]] for (int o = 0; o < 4; o++) [[unroll]] for (int i = 0; i < TILE_EACH; i++) y[o][i] = vec4(0.0);
    for (int product = 0; product < 9; product++) {
        ivec2 ab = ivec2(product / 3, product % 3);
        tileClear();
        for (int part = 0; part < PARTS; part++) {
            Sources from[TILE_STAGES_A];
            [[unroll]] for (int s = 0; s < TILE_STAGES_A; s++) from[s] = sourcesOf(tiles[s], summedPart(part), ab);
            for (int d = 0; d < IN_C4; d += 4) {
                int mine = d + lane % 4;
                [[unroll]] for (int s = 0; s < TILE_STAGES_A; s++) {
                    vec4 x = vec4(0.0);
                    if (mine < IN_C4) {
                        if (ab == ivec2(1)) x = DIFFERENCE(MIDDLE, from[s], mine);
                        else if (ab.x == 1 || ab.y == 1) x = DIFFERENCE(EDGE, from[s], mine);
                        else x = DIFFERENCE(CORNER, from[s], mine);
                    }
                    [[unroll]] for (int i = 0; i < 4; i++) stageA((lane % 4) * 4 + i, (lane + s * TILE_INVOCATIONS) / 4, x[i]);
                }
                [[unroll]] for (int s = 0; s < TILE_STAGES_B; s++) {
                    int at = lane + s * TILE_INVOCATIONS, k = at / TILE_N4, j4 = firstColumn + at % TILE_N4;
                    vec4 w = vec4(0.0);
                    if (d + k / 4 < IN_C4 && j4 < OUT_C4) w = LOAD(Weight, (weightOf(part, ab) + 4 * d + k) * OUT_C4 + j4);
                    stageB(k, at % TILE_N4, w);
                }
                tileMultiply();
            }
        }
        [[unroll]] for (int o = 0; o < 4; o++) {
            ivec2 d = ab - ivec2(o / 2, o % 2);
            float counts = d.x == (d.x & 1) && d.y == (d.y & 1) ? 1.0 : 0.0;
            [[unroll]] for (int i = 0; i < TILE_EACH; i++) y[o][i] += counts * tileSums[i];
        }
    }
    int column = firstColumn + tileColumn4();
    [[unroll]] for (int o = 0; o < 4; o++) [[unroll]] for (int i = 0; i < TILE_EACH; i++) {
        int target = outputOf(tileAt(firstTile + tileRow() + i), partOf(o));
        if (target >= 0 && column < OUT_C4) Y[target * OUT_C4 + column] = EPILOGUE(y[o][i], column, target * OUT_C4 + column);
    }
}
#endif

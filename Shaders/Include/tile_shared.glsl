// The shared-memory tile: TILE_M rows x TILE_N columns, 16 steps of the sum at a time, each invocation TILE_EACH rows x 4 columns of it.
// TILE says which: 1000 TILE_M + TILE_N, of 32 or 64 each, or 128 rows. Whichever it is, every sum is taken in the same order, one step after
// another: the same bits (Core/KernelSpec.cs, Alternatives).
// No subgroup operation: right at any subgroup size.
const int TILE_M = TILE / 1000, TILE_N4 = TILE % 1000 / 4, TILE_EACH = TILE_M > 64 ? 8 : 4;
const int TILE_INVOCATIONS = TILE_M / TILE_EACH * TILE_N4;
// vec4s that each invocation stages: number s of its own is number  gl_LocalInvocationIndex + s * TILE_INVOCATIONS  of all.
const int TILE_STAGES_A = 4 * TILE_M / TILE_INVOCATIONS, TILE_STAGES_B = 16 * TILE_N4 / TILE_INVOCATIONS;
layout(local_size_x = TILE_INVOCATIONS) in;
shared float tileA[16][TILE_M + 4];                // + 4: staging writes a column at a time; the offset spreads them over the banks
shared vec4 tileB[16][TILE_N4];
vec4 tileSums[TILE_EACH];

// First of this invocation's rows, and its vec4 of columns, in the tile.
int tileRow() { return int(gl_LocalInvocationIndex) / TILE_N4 * TILE_EACH; }
int tileColumn4() { return int(gl_LocalInvocationIndex) % TILE_N4; }

void stageA(int step_, int row, float value) { tileA[step_][row] = value; }
void stageB(int step_, int column4, vec4 value) { tileB[step_][column4] = value; }

void tileClear() { [[unroll]] for (int i = 0; i < TILE_EACH; i++) tileSums[i] = vec4(0.0); }

void tileMultiply() {
    barrier();
    int y = tileRow(), x = tileColumn4();
    for (int k = 0; k < 16; k++) {
        vec4 b = tileB[k][x];
        [[unroll]] for (int i = 0; i < TILE_EACH; i++) tileSums[i] += tileA[k][y + i] * b;
    }
    barrier();
}

void tileFinish() { }

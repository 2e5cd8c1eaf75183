// The shared-memory tile: 64 rows x 64 columns, 16 steps of the sum at a time, on 256 invocations of 4 rows x 4 columns each.
// No subgroup operation: right at any subgroup size.
layout(local_size_x = 256) in;
shared float tileA[16][64 + 4];                    // + 4: staging writes a column at a time; the offset spreads them over the banks
shared vec4 tileB[16][16];
vec4 tileSums[4];

void stageA(int step_, int row, float value) { tileA[step_][row] = value; }
void stageB(int step_, int column4, vec4 value) { tileB[step_][column4] = value; }

void tileClear() { [[unroll]] for (int i = 0; i < 4; i++) tileSums[i] = vec4(0.0); }

void tileMultiply() {
    barrier();
    int y = int(gl_LocalInvocationIndex) / 16 * 4, x = int(gl_LocalInvocationIndex) % 16;
    for (int k = 0; k < 16; k++) {
        vec4 b = tileB[k][x];
        [[unroll]] for (int i = 0; i < 4; i++) tileSums[i] += tileA[k][y + i] * b;
    }
    barrier();
}

void tileFinish() { }

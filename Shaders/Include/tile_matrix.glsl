// The tile on cooperative matrices: half operands, float sums. Which sizes of matrices there are, and how many subgroups at most share the tile,
// is the device's affair, and comes with the pipeline (VaeProcgen.Runtime.Program.MatrixUnits). Written for GL_NV_cooperative_matrix, which every
// glslang since 2019 knows; the build turns the module into one for SPV_KHR_cooperative_matrix (CooperativeMatrixRewriter).
#extension GL_NV_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#extension GL_KHR_shader_subgroup_basic : require
#define OF_DEVICE(ID) layout(constant_id = ID) const int
OF_DEVICE(1000) MATRIX_M = 16;                     // rows, columns and steps of a matrix: divisors of 64, 64 and 16
OF_DEVICE(1001) MATRIX_N = 16;
OF_DEVICE(1002) MATRIX_K = 16;
OF_DEVICE(1003) SUBGROUPS = 8;                     // at least so many share the tile
layout(local_size_x = 256) in;

const int STRIDE_A = 64 + 8, STRIDE_B = 64 + 8, STRIDE_C = 64 + 4;   // the offsets spread rows over the banks, and keep 16 bytes' alignment
const int ACROSS = 64 / MATRIX_N, MATRICES = 64 / MATRIX_M * ACROSS, EACH = (MATRICES + SUBGROUPS - 1) / SUBGROUPS;
shared float16_t tileA[16 * STRIDE_A];
shared float16_t tileB[16 * STRIDE_B];
shared float tileC[64 * STRIDE_C];
fcoopmatNV<32, gl_ScopeSubgroup, MATRIX_M, MATRIX_N> tileProducts[EACH];
vec4 tileSums[4];

void stageA(int step_, int row, float value) { tileA[step_ * STRIDE_A + row] = float16_t(value); }

void stageB(int step_, int column4, vec4 value) {
    [[unroll]] for (int i = 0; i < 4; i++) tileB[step_ * STRIDE_B + 4 * column4 + i] = float16_t(value[i]);
}

int matrixAt(int i) { return int(gl_SubgroupID) * EACH + i; }

void tileClear() {
    [[unroll]] for (int i = 0; i < EACH; i++) tileProducts[i] = fcoopmatNV<32, gl_ScopeSubgroup, MATRIX_M, MATRIX_N>(0.0);
}

void tileMultiply() {
    barrier();
    [[unroll]] for (int k = 0; k < 16; k += MATRIX_K) {
        [[unroll]] for (int i = 0; i < EACH; i++) {
            int matrix_ = matrixAt(i);
            if (matrix_ < MATRICES) {
                fcoopmatNV<16, gl_ScopeSubgroup, MATRIX_M, MATRIX_K> a;
                fcoopmatNV<16, gl_ScopeSubgroup, MATRIX_K, MATRIX_N> b;
                coopMatLoadNV(a, tileA, k * STRIDE_A + matrix_ / ACROSS * MATRIX_M, STRIDE_A, true);
                coopMatLoadNV(b, tileB, k * STRIDE_B + matrix_ % ACROSS * MATRIX_N, STRIDE_B, false);
                tileProducts[i] = coopMatMulAddNV(a, b, tileProducts[i]);
            }
        }
    }
    barrier();
}

void tileFinish() {
    [[unroll]] for (int i = 0; i < EACH; i++) {
        int matrix_ = matrixAt(i);
        if (matrix_ < MATRICES)
            coopMatStoreNV(tileProducts[i], tileC, matrix_ / ACROSS * MATRIX_M * STRIDE_C + matrix_ % ACROSS * MATRIX_N, STRIDE_C, false);
    }
    barrier();
    int y = int(gl_LocalInvocationIndex) / 16 * 4, x = int(gl_LocalInvocationIndex) % 16 * 4;
    [[unroll]] for (int i = 0; i < 4; i++) [[unroll]] for (int j = 0; j < 4; j++) tileSums[i][j] = tileC[(y + i) * STRIDE_C + x + j];
}

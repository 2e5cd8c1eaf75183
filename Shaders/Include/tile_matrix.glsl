// The tile on cooperative matrices: half operands, float sums. Which sizes of matrices and subgroups there are is the
// device's affair, and comes with the pipeline (VaeProcgen.Runtime.Vulkan.MatrixShape). Written for GL_NV_cooperative_matrix, which every
// glslang since 2019 knows; the build turns the module into one for SPV_KHR_cooperative_matrix (CooperativeMatrixRewriter).
#extension GL_NV_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#extension GL_KHR_shader_subgroup_basic : require
#define OF_DEVICE(INDEX) layout(constant_id = CONSTANT_COUNT + INDEX) const int   // after those of the kernel
OF_DEVICE(0) MATRIX_M = 16;                     // rows, columns and steps of a matrix: divisors of 32, 32 and 16
OF_DEVICE(1) MATRIX_N = 16;
OF_DEVICE(2) MATRIX_K = 16;
OF_DEVICE(3) SUBGROUP_SIZE = 32;                // at most: there may be more subgroups, which have nothing to do
const int TILE_M = TILE / 1000, TILE_N = TILE % 1000, TILE_N4 = TILE_N / 4;
const int TILE_EACH = 4, TILE_INVOCATIONS = TILE_M / TILE_EACH * TILE_N4;
const int TILE_STAGES_A = 4 * TILE_M / TILE_INVOCATIONS, TILE_STAGES_B = 16 * TILE_N4 / TILE_INVOCATIONS;
layout(local_size_x = TILE_INVOCATIONS) in;

const int STRIDE_A = TILE_M + 8, STRIDE_B = TILE_N + 8, STRIDE_C = TILE_N + 4;   // the offsets spread rows over the banks, and keep 16 bytes' alignment
const int SUBGROUPS = TILE_INVOCATIONS > SUBGROUP_SIZE ? TILE_INVOCATIONS / SUBGROUP_SIZE : 1;
const int ACROSS = TILE_N / MATRIX_N, MATRICES = TILE_M / MATRIX_M * ACROSS, EACH = (MATRICES + SUBGROUPS - 1) / SUBGROUPS;
shared float16_t tileA[16 * STRIDE_A];
shared float16_t tileB[16 * STRIDE_B];
shared float tileC[TILE_M * STRIDE_C];
fcoopmatNV<32, gl_ScopeSubgroup, MATRIX_M, MATRIX_N> tileProducts[EACH];
vec4 tileSums[TILE_EACH];

int tileRow() { return int(gl_LocalInvocationIndex) / TILE_N4 * TILE_EACH; }
int tileColumn4() { return int(gl_LocalInvocationIndex) % TILE_N4; }

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
    [[unroll]] for (int i = 0; i < TILE_EACH; i++)
        [[unroll]] for (int j = 0; j < 4; j++) tileSums[i][j] = tileC[(tileRow() + i) * STRIDE_C + 4 * tileColumn4() + j];
}

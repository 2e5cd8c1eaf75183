// A product of TILE_M rows x TILE_N columns (TILE = 1000 TILE_M + TILE_N) on a workgroup of TILE_INVOCATIONS, 16 steps of the sum at a time. A kernel
// calls tileClear(); then, as often as there are steps, stageA(step, row, value) and stageB(step, column / 4, value) for all of the tile, of which
// each invocation has TILE_STAGES_A and TILE_STAGES_B vec4s, and tileMultiply(); and last tileFinish(). Then each invocation has tileSums: rows
// tileRow() .. + TILE_EACH - 1 of the columns 4 tileColumn4() .. + 3.
#if PATH_MATRIX
#include "tile_matrix.glsl"
#else
#include "tile_shared.glsl"
#endif

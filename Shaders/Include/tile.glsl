// A product of 64 rows x 64 columns on 256 invocations, 16 steps of the sum at a time. A kernel calls tileClear(), then as often as there are
// steps stageA(step, row, value) and stageB(step, column / 4, value) for all of the tile, and tileMultiply(), and last tileFinish(): each
// invocation then has tileSums, of rows 4 (index / 16) + i and columns 4 (index % 16) .. + 3.
#if PATH_MATRIX
#include "tile_matrix.glsl"
#else
#include "tile_shared.glsl"
#endif

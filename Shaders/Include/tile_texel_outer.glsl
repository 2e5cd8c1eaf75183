// The tile of the texel path where both operands lie step by step, as the pixels of a weight gradient do: 32 rows by 32 columns on the 8 lanes of a
// workgroup. Of each step lane l fetches rows 4l .. 4l+3 and columns 4l .. 4l+3, and owns these columns of every row.
layout(local_size_x = 8) in;

// sums[row] += over four steps u, in order, of  X[u] of that row * DY[u]
#define ADD_OUTER_PRODUCTS(X, DY) \
    [[unroll]] for (int i = 0; i < TILE; i++) { \
        vec4 s = sums[i]; \
        [[unroll]] for (int u = 0; u < 4; u++) s += subgroupShuffle(X[u][i & 3], i >> 2) * DY[u]; \
        sums[i] = s; \
    }

// A batch of samples z_i and the posteriors q(z|x_m) of its images. With l_imj = log q(z_ij | x_m), estimates weighted for the batch
// (Chen et al. 2018, arXiv:1802.04942, appendix C.1), M images in the set:
//   log q(z_i) = log sum_m exp(sum_j l_imj) - log(BATCH M);   log q(z_ij) = log sum_m exp l_imj - log(BATCH M)
layout(constant_id = 2) const float ALPHA = 1.0;   // of the mutual information
layout(constant_id = 3) const float BETA = 1.0;    // of the total correlation
layout(constant_id = 4) const float GAMMA = 1.0;   // of the dimension-wise KL

const int BATCH4 = (BATCH + 3) / 4;

// The weight of l_imj in the three terms of sample i, before beta_t / BATCH: its share of the logarithms that it is summed in.
vec4 densityWeight(int i, int m, vec4 shareOfMarginal, float shareOfJoint) {
    return (i == m ? ALPHA : 0.0) + (BETA - ALPHA) * shareOfJoint + (GAMMA - BETA) * shareOfMarginal;
}

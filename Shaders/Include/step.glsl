// What changes from step to step, in the order of VaeProcgen.Shaders.StepState; the rows of the batch follow.
const int STEP_INDEX = 0;
const int STEP_SEED_LOW = 1;
const int STEP_SEED_HIGH = 2;
const int STEP_LEARNING_RATE = 4;
const int STEP_KL_WEIGHT = 5;
const int STEP_BIAS_CORRECTION_1 = 6;
const int STEP_BIAS_CORRECTION_2 = 7;
const int STEP_EMA_DECAY = 8;
const int STEP_LAPLACE_SHARE = 9;
const int STEP_CAPACITY = 10;
const int STEP_TEMPERATURE = 11;
const int STEP_BATCH_ROWS = 16;

#define STEP_FLOAT(FIELD) uintBitsToFloat(Step[FIELD])
// Needs philox.glsl.
#define STEP_DRAW(STREAM, ELEMENT) \
    philox(uvec2(Step[STEP_SEED_LOW], Step[STEP_SEED_HIGH]), uvec4(uint(ELEMENT), Step[STEP_INDEX], STREAM, 0u))

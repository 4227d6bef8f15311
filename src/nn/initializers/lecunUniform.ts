import { uniform } from './initializer.ts';

/** Uniform with variance 1 / fan in (LeCun et al. 1998). */
export const lecunUniform = uniform((fanIn) => 1 / fanIn);

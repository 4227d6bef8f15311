import { uniform } from './initializer.ts';

/** Uniform with variance 2 / fan in (He et al. 2015). */
export const heUniform = uniform((fanIn) => 2 / fanIn);

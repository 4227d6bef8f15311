import { uniform } from './initializer.ts';

/** Uniform with variance 2 / (fan in + fan out) (Glorot & Bengio 2010). */
export const glorotUniform = uniform((fanIn, fanOut) => 2 / (fanIn + fanOut));

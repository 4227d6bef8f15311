import { truncatedNormal } from './initializer.ts';

/** Truncated normal with variance 2 / (fan in + fan out) (Glorot & Bengio 2010). */
export const glorotNormal = truncatedNormal((fanIn, fanOut) => 2 / (fanIn + fanOut));

import { truncatedNormal } from './initializer.ts';

/** Truncated normal with variance 2 / fan in (He et al. 2015). */
export const heNormal = truncatedNormal((fanIn) => 2 / fanIn);

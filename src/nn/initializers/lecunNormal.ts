import { truncatedNormal } from './initializer.ts';

/** Truncated normal with variance 1 / fan in (LeCun et al. 1998; Klambauer et al. 2017). */
export const lecunNormal = truncatedNormal((fanIn) => 1 / fanIn);

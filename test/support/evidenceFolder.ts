import { join, resolve } from 'node:path';

/** Where findings are gathered by `npm run build:evidence`. */
export const FINDINGS = join(resolve(import.meta.dirname, '../..'), 'build', 'evidence');

/** Removes the folders named on the command line, so that nothing of an earlier build is published. */
import { rmSync } from 'node:fs';

for (const folder of process.argv.slice(2)) rmSync(folder, { recursive: true, force: true });

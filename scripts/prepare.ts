/** What npm runs after `npm ci`, and before `npx dactyl` in a clone: builds if a source is newer than the build. */
import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { recoverDist } from './distFolder.ts';

/** Folders too: they are as new as the last file that was added or removed. */
const SOURCES = [
  ...['src', 'src/**', 'assembly', 'assembly/**'],
  ...['scripts/build-*.ts', 'tsconfig*.json', 'package-lock.json'],
];

const KERNELS = ['src/engine/kernels.ts', 'src/engine/rareKernels.ts', 'src/engine/imageKernels.ts'];

recoverDist('.');

const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const newest = Math.max(...globSync(SOURCES, { exclude: ['**/*.test.ts'] }).map(timeOf));
if (timeOf('dist/index.js') < newest || KERNELS.some((path) => timeOf(path) === 0)) {
  const { status } = spawnSync('npm run build', { stdio: 'inherit', shell: true });
  process.exitCode = status ?? 1;
}

/** Compiles src/ beside dist/ and swaps the two: whoever interrupts it, or runs the command meanwhile, has a whole build. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, globSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { nextBuild, swapDist } from './distFolder.ts';

const root = resolve(import.meta.dirname, '..');
const started = new Date();
const next = nextBuild(root);

const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')];
const { status } = spawnSync(process.execPath, [...tsc, '--outDir', next], { stdio: 'inherit' });
if (status !== 0) {
  rmSync(next, { recursive: true, force: true });
  process.exit(1);
}
finishTypes();
chmodSync(join(next, 'cli/bin.js'), 0o755);
// What `scripts/prepare.ts` goes by; sources that change while they are compiled are newer.
utimesSync(join(next, 'index.js'), started, started);

// Between two renames nobody stops.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
swapDist(root, next);

/**
 * Types that TypeScript 5.4 reads, and projects with neither the types of a page nor of Node: typed arrays had no parameter before
 * 5.7, and what only those types declare is declared, empty, beside them.
 */
function finishTypes(): void {
  for (const path of globSync('**/*.d.ts', { cwd: next }).map((path) => join(next, path))) {
    const text = readFileSync(path, 'utf8');
    const plain = text
      .replace(/\b(\w+Array)<ArrayBufferLike>/g, '$1')
      .replace(/\b(\w+Array)<ArrayBuffer>/g, "ReturnType<$1Constructor['of']>");
    const isEntry = dirname(path) === next;
    if (isEntry) writeFileSync(path, `/// <reference path="./globals.d.ts" />\n${plain}`);
    else if (plain !== text) writeFileSync(path, plain);
  }
  copyFileSync(join(root, 'src/globals.d.ts'), join(next, 'globals.d.ts'));
}

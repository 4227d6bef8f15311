/**
 * npm run check:wide: whether V8's 256-bit packing (`src/queue/wide.ts`) can be trusted on this V8. Every test of the engine and the pinned bits, with all functions
 * compiled by the optimizing compiler at once, and again with functions that rise to it while they run; then long trainings, whose weights are compared with those
 * of a process without the flag. Each in processes of its own, so that an abort is seen. Where all pass, the version is added to src/queue/wideVersions.ts.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WIDE_FLAG, wideName } from '../src/queue/wide.ts';
import { WIDE_VERSIONS } from '../src/queue/wideVersions.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const VITEST = at('../node_modules/vitest/vitest.mjs');
const TESTS = ['src/engine', 'test/exactBits.test.ts', 'test/trajectories.test.ts', 'test/threads.test.ts'];
const WAYS = {
  'all functions optimized at once': ['--no-liftoff', '--no-wasm-lazy-compilation'],
  'functions that rise while they run': ['--wasm-tiering-budget=2000'],
};

/** What a process prints; the reason where it does not end well. */
function outputOf(args: readonly string[]): string {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: at('..'),
    maxBuffer: 1 << 28,
  });
  if (status === 0) return stdout;
  console.error(`${stdout}\n${stderr}`.slice(-4000));
  console.error(
    `wide has not passed on ${wideName()}: ${signal ?? `exit ${status}`} of node ${args.join(' ')}`,
  );
  process.exit(1);
}

for (const [way, flags] of Object.entries(WAYS)) {
  const exec = [WIDE_FLAG, ...flags].map((flag) => `--execArgv=${flag}`);
  outputOf([VITEST, 'run', '--pool=forks', ...exec, ...TESTS]);
  console.log(`${way}: the engine's tests pass, pinned bits as they are`);
}
const [plain, wide] = [[], [WIDE_FLAG]].map((flags) =>
  outputOf([...flags, at('./support/long-trainings.ts')]),
);
if (plain !== wide) {
  console.error(`wide has not passed on ${wideName()}: other weights.\n${plain}\n${wide}`);
  process.exit(1);
}
console.log(`long trainings, the same weights:\n${wide}`);
const versions = [...new Set([...WIDE_VERSIONS, wideName()])].sort();
writeFileSync(
  at('../src/queue/wideVersions.ts'),
  `/** Written by \`npm run check:wide\`: V8 and processor architecture, as \`process\` names them, where it has passed. */
export const WIDE_VERSIONS: readonly string[] = [${versions.map((name) => `'${name}'`).join(', ')}];
`,
);
console.log(`wide has passed on ${wideName()}`);

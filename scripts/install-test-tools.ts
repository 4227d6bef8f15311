/** Installs what the tests of the package use it with (`test/consumer/`) and run it on (`test/runtimes/`), unless it is there. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
for (const cwd of ['test/consumer', 'test/runtimes']) {
  if (timeOf(`${cwd}/node_modules/.package-lock.json`) >= timeOf(`${cwd}/package-lock.json`)) continue;
  const { status } = spawnSync('npm ci --prefer-offline', { cwd, stdio: 'inherit', shell: true });
  if (status !== 0) process.exitCode = status ?? 1;
}

/** Installs what the tests of the package use it with (`test/consumer/`), unless it is there. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

const timeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (timeOf('test/consumer/node_modules/.package-lock.json') < timeOf('test/consumer/package-lock.json')) {
  const { status } = spawnSync('npm ci --prefer-offline', {
    cwd: 'test/consumer',
    stdio: 'inherit',
    shell: true,
  });
  process.exitCode = status ?? 1;
}

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './dactyl.ts';

const mount = (options: string, place: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]).status === 0;

/** Whether the tests may mount disks. */
export const canMount = ((): boolean => {
  const place = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  const mounted = mount('size=64k', place);
  if (mounted) spawnSync('umount', [place]);
  rmSync(place, { recursive: true });
  return mounted;
})();

/** A disk of its own in memory, `size=256k` or `ro`, gone when the running test is over. */
export function disk(options: string): string {
  const place = join(temporaryFolder(), 'disk');
  mkdirSync(place);
  mount(options, place);
  onTestFinished(() => {
    spawnSync('umount', [place]);
  });
  return place;
}

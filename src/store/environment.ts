import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Results } from '../study/results.ts';
import { NUMERICS_VERSION } from '../study/numerics.ts';

/** The package's version, from the package.json that it was installed with. */
export function packageVersion(): string {
  const url = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}

/** Where a comparison ran; nothing here decides a result. */
export function describeEnvironment(workers: number): Results['environment'] {
  return {
    dactyl: packageVersion(),
    numerics: NUMERICS_VERSION,
    runtime: `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus().at(0)?.model.trim() ?? 'unknown',
    workers,
  };
}

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { CONVOLUTION_NUMERICS } from '../engine/ops/numerics.ts';
import type { Results } from '../study/results.ts';
import { NUMERICS_VERSION } from '../study/numerics.ts';

/** The package's version, from the package.json that it was installed with. */
export function packageVersion(): string {
  const url = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}

/** Where a comparison ran; but for the versions of the arithmetic, nothing here decides a result. `convolution`: whether one of its networks has any. */
export function describeEnvironment(workers: number, convolution: boolean): Results['environment'] {
  return {
    dactyl: packageVersion(),
    numerics: NUMERICS_VERSION,
    ...(convolution && { convolution: CONVOLUTION_NUMERICS }),
    runtime: `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus().at(0)?.model.trim() ?? 'unknown',
    workers,
  };
}

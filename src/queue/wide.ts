import { setFlagsFromString } from 'node:v8';
import { DactylError } from '../util/errors.ts';
import { WIDE_VERSIONS } from './wideVersions.ts';

export const WIDE_FLAG = '--experimental-wasm-revectorize';

let on = false;

/** Whether the environment asks for it, by DACTYL_WIDE=1. */
export function wideInEnvironment(): boolean {
  const { DACTYL_WIDE: value = '' } = process.env;
  if (['', '0', '1'].includes(value)) return value === '1';
  throw new DactylError('E_ARGUMENT', `DACTYL_WIDE: expected 1 or 0, received '${value}'.`);
}

/**
 * Lets V8 do pairs of the kernels' instructions in 256 bits, in all threads of this process, from the next compilation on: the same bits, sooner. V8 calls it
 * experimental and may abort the process, so that it is refused (E_ARGUMENT) where `npm run check:wide` has not passed.
 */
export function turnOnWide(here = wideName()): void {
  if (on) return;
  if (!WIDE_VERSIONS.includes(here)) {
    throw new DactylError(
      'E_ARGUMENT',
      `wide: expected a V8 on which every kernel was tried so (${WIDE_VERSIONS.join(', ')}), received ${here} (Node ${process.versions.node}). Leave it out: the results are the same.`,
    );
  }
  setFlagsFromString(WIDE_FLAG);
  on = true;
}

/** As it stands in `WIDE_VERSIONS`. */
export function wideName(): string {
  return `${process.versions.v8} ${process.arch}`;
}

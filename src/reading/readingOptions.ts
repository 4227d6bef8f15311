import { checkOptions, requireFields } from '../util/options.ts';
import type { Reader } from './reader.ts';
import { checkSureFrom, type SureFrom } from './sureFrom.ts';

export interface ReadingOptions {
  /** Least probability of an answer that is sure, or ten, by digit; by default the reader's. */
  readonly sureFrom?: SureFrom;
}

export function sureFromOf(what: string, reader: Reader, options: ReadingOptions): SureFrom {
  requireFields(`${what}: reader`, ['name', 'model', 'temperature', 'sureFrom'], reader);
  checkOptions(what, ['sureFrom'], options);
  const { sureFrom = reader.sureFrom } = options;
  checkSureFrom(what, sureFrom);
  return sureFrom;
}

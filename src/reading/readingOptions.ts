import { checkOptions, isNumber, requireFields, requireType } from '../util/options.ts';
import type { Reader } from './reader.ts';

export interface ReadingOptions {
  /** Least probability of an answer that is sure; by default the reader's. */
  readonly sureFrom?: number;
}

export function sureFromOf(what: string, reader: Reader, options: ReadingOptions): number {
  requireFields(`${what}: reader`, ['name', 'model', 'temperature', 'sureFrom'], reader);
  checkOptions(what, ['sureFrom'], options);
  const { sureFrom = reader.sureFrom } = options;
  const isShare = isNumber(sureFrom, (x) => x >= 0 && x <= 1);
  requireType(what, 'sureFrom: a number from 0 to 1', isShare, sureFrom);
  return sureFrom;
}

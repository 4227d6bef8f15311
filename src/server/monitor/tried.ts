import { fileURLToPath } from 'node:url';
import { readText } from '../../store/readFile.ts';

/** What scripts/measure-drift found with the shipped reader. */
export interface Tried {
  readonly reader: { readonly name: string; readonly hash: string };
  readonly cleanDays: {
    readonly days: number;
    readonly images: number;
    readonly alarms: number;
    readonly low: number;
    readonly high: number;
  };
  readonly within: number;
  readonly corruptions: readonly TriedCorruption[];
  /** Names of those that are not found. */
  readonly missed: readonly string[];
}

export interface TriedCorruption {
  readonly name: string;
  readonly label: string;
  readonly setting: string;
  /** Share of the streams that alarm in time, and the median of images until then; null where most do not. */
  readonly found: number;
  readonly median: number | null;
  /** Where one image in ten is corrupted. */
  readonly foundTenth: number;
  readonly medianTenth: number | null;
  readonly accuracy: number;
  readonly estimatedAccuracy: number;
  readonly error: number;
}

/** From `data/reader-drift.json`. */
export function readTried(): Tried {
  return JSON.parse(
    readText(fileURLToPath(new URL('../../../data/reader-drift.json', import.meta.url))),
  ) as Tried;
}

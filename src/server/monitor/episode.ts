import { DRIFT_RULE } from '../../analysis/drift/rule.ts';
import { opaqueId } from '../ids.ts';

/** A time of drift, from the first alarm to when two windows in a row had none. */
export interface Episode {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Windows in a row without an alarm. */
  readonly quiet: number;
}

export interface Step {
  readonly episode: Episode | null;
  /** What others should hear of. */
  readonly change?: 'started' | 'resolved';
}

/** What a window that was closed makes of the episode before. */
export function nextEpisode(before: Episode | null, alarm: boolean, at: number): Step {
  if (before === null) {
    return alarm
      ? { episode: { id: opaqueId(), since: at, quiet: 0 }, change: 'started' }
      : { episode: null };
  }
  if (alarm) return { episode: { ...before, quiet: 0 } };
  const quiet = before.quiet + 1;
  return quiet >= DRIFT_RULE.quiet
    ? { episode: null, change: 'resolved' }
    : { episode: { ...before, quiet } };
}

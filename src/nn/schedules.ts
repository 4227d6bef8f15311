import { halfCosine } from './schedules/cosine.ts';

/** The factor on the learning rate at `progress`, the share of all steps done, from 0 to below 1. */
export type Schedule = (progress: number) => number;

/** How the learning rate goes over the whole of `fit`, by name. */
export const SCHEDULES = {
  constant: () => 1,
  /** From 1 down to 0 along half a cosine (Loshchilov & Hutter 2017, without restarts). */
  cosine: halfCosine,
  /** From 1 down to 0 in a straight line. */
  linear: (progress) => 1 - progress,
} as const satisfies Record<string, Schedule>;

export type ScheduleName = keyof typeof SCHEDULES;

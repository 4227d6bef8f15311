import type { ADVICE as All } from './all.ts';

/** A page's answers name the members, and no more. */
export const ADVICE: Record<keyof typeof All, Readonly<Record<string, string>>> = {
  aliases: {},
  lacking: {},
};

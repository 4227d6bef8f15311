/** Raised only when the same configuration and seed give other bits than before; part of every trial's key. */
export const NUMERICS_VERSION = 1;

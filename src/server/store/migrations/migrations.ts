import { AUDIT } from './0001-audit.ts';
import type { Migration } from './migration.ts';

/** All of them, in the order in which they are made. */
export const MIGRATIONS: readonly Migration[] = [AUDIT];

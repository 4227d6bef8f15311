import { AUDIT } from './0001-audit.ts';
import { CONSENTS } from './0002-consents.ts';
import { REVIEWS } from './0003-reviews.ts';
import { WEBHOOKS } from './0004-webhooks.ts';
import { MONITOR } from './0005-monitor.ts';
import { KEYS } from './0006-keys.ts';
import type { Migration } from './migration.ts';

/** All of them, in the order in which they are made. */
export const MIGRATIONS: readonly Migration[] = [AUDIT, CONSENTS, REVIEWS, WEBHOOKS, MONITOR, KEYS];

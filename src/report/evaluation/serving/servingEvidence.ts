// Written by `npm run build:evidence` from what the server's tests have seen; not by hand.
import type { ServingEvidence } from './evidence.ts';

export const SERVING_EVIDENCE: ServingEvidence = { version: '0.1.0', date: '2026-11-29', findings: [] };

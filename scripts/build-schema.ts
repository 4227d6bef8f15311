/** Writes schemas/results.schema.json, the published JSON Schema of results.json, from src/study/results.ts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resultsSchema } from '../src/study/results.ts';

mkdirSync('schemas', { recursive: true });
writeFileSync('schemas/results.schema.json', resultsSchema());

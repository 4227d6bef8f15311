/** Writes schemas/: the published JSON Schemas of results.json and of study files, from src/study/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { studyFileSchema } from '../src/study/configuration.ts';
import { resultsSchema } from '../src/study/results.ts';

mkdirSync('schemas', { recursive: true });
writeFileSync('schemas/results.schema.json', resultsSchema());
writeFileSync('schemas/study.schema.json', studyFileSchema());

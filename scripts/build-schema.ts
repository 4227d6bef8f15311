/** Writes schemas/: the published JSON Schemas of results.json, evaluation.json, study files and searches, from src/study/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { studyFileSchema } from '../src/study/studyFileSchema.ts';
import { evaluationSchema } from '../src/study/evaluation/record.ts';
import { resultsSchema } from '../src/study/results.ts';
import { tuningFileSchema } from '../src/study/tuning/configuration.ts';

mkdirSync('schemas', { recursive: true });
writeFileSync('schemas/evaluation.schema.json', evaluationSchema());
writeFileSync('schemas/results.schema.json', resultsSchema());
writeFileSync('schemas/study.schema.json', studyFileSchema());
writeFileSync('schemas/tuning.schema.json', tuningFileSchema());

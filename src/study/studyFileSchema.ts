import { StudyFile } from './configuration.ts';
import { publishedSchema } from './publishedSchema.ts';

/** The JSON Schema of a study file as text; published as `schemas/study.schema.json`. */
export function studyFileSchema(): string {
  return publishedSchema(StudyFile);
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { readPng } from '../data/readers/pictures/png.ts';
import type { ConsentedExamples } from '../study/extraData.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { DactylError } from '../util/errors.ts';
import { sizeOf } from '../util/tensor.ts';
import { readFile, readJson } from './readFile.ts';
import { sha256 } from './sha256.ts';

const closed = { additionalProperties: false } as const;

const Identifier = Type.String({ pattern: '^[0-9a-z-]{4,80}$' });
const Sum = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** `manifest.json` of a folder of images that people consented to have trained with; a PNG lies beside it for each. */
export const ConsentedManifest = Type.Object(
  {
    format: Type.Literal('dactyl-consented/1'),
    shape: Type.Array(Type.Integer({ minimum: 1, maximum: 4096 }), {
      minItems: 2,
      maxItems: 3,
      description: 'of one image: [rows, columns], or [rows, columns, 3]',
    }),
    classes: Type.Array(Type.String(), { minItems: 2, maxItems: 256 }),
    images: Type.Array(
      Type.Object(
        {
          consent: Identifier,
          item: Type.Integer({ minimum: 1 }),
          label: Type.String({ description: 'a class' }),
          sha256: Type.String({ ...Sum, description: 'of the image’s bytes, one for each value' }),
        },
        closed,
      ),
    ),
    erased: Type.Array(Identifier, { description: 'consents whose images were here and have been erased' }),
  },
  closed,
);
export type ConsentedManifest = Static<typeof ConsentedManifest>;

type Row = ConsentedManifest['images'][number];

export const MANIFEST_FILE = 'manifest.json';

/** Names of images in such a folder. */
export const CONSENTED_FILE = /^[0-9a-z-]{4,80}-[1-9][0-9]{0,8}\.png$/;

/** The file of an image in such a folder. */
export function consentedFile({ consent, item }: Pick<Row, 'consent' | 'item'>): string {
  return `${consent}-${item}.png`;
}

/** A folder's images, in the order of consents and items, none where all were erased; and of whose images it says that they were. */
export interface ConsentedFolder {
  readonly examples: ConsentedExamples | undefined;
  readonly erased: readonly string[];
}

/** The images of a folder. Throws as `readConsented`, and E_ERASED or E_FORMAT where there is none to train with. */
export function loadConsented(folder: string): ConsentedExamples {
  const { examples, erased } = readConsented(folder);
  if (examples) return examples;
  throw new DactylError(
    erased.length > 0 ? 'E_ERASED' : 'E_FORMAT',
    `${folder}: expected images to train with, received none${erased.length > 0 ? ': all of them were erased' : ''}. Export others, or train without.`,
  );
}

/** Throws E_NOT_FOUND where there is no such folder, E_FORMAT, E_CHECKSUM where an image is not that of the manifest, E_FILE. */
export function readConsented(folder: string): ConsentedFolder {
  const manifest = readManifest(folder);
  const { shape, classes, erased } = manifest;
  const rows = [...manifest.images].sort(byPlace);
  if (rows.length === 0) return { examples: undefined, erased };
  const size = sizeOf(shape);
  const data = new Uint8Array(rows.length * size);
  const labels = new Uint8Array(rows.length);
  for (const [k, row] of rows.entries()) {
    const path = join(folder, consentedFile(row));
    data.set(pixelsOf(path, shape, row.sha256), k * size);
    const label = classes.indexOf(row.label);
    if (label < 0) {
      throw new DactylError(
        'E_FORMAT',
        `${join(folder, MANIFEST_FILE)}: expected as label of ${consentedFile(row)} one of ${classes.join(', ')}; received ${JSON.stringify(row.label.slice(0, 40))}. Export the images anew.`,
      );
    }
    labels[k] = label;
  }
  const consents = [...new Set(rows.map(({ consent }) => consent))];
  const identity = rows.map(({ consent, item, label, sha256: sum }) => [consent, item, label, sum]);
  return {
    examples: {
      images: { data, shape: [rows.length, ...shape] },
      labels,
      classes: classes.length,
      names: classes,
      about: {
        images: rows.length,
        sha256: sha256(canonicalJson({ shape, classes, images: identity })),
        consents,
      },
    },
    erased,
  };
}

function byPlace(a: Row, b: Row): number {
  if (a.consent === b.consent) return a.item - b.item;
  return a.consent < b.consent ? -1 : 1;
}

function readManifest(folder: string): ConsentedManifest {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path)) {
    throw new DactylError(
      'E_NOT_FOUND',
      `${folder}: expected a folder with ${MANIFEST_FILE} and images, as dactyl serve export-training writes it; there is none.`,
    );
  }
  return readJson(path, ConsentedManifest);
}

function pixelsOf(path: string, shape: readonly number[], sum: string): Uint8Array {
  if (!existsSync(path)) {
    throw new DactylError(
      'E_FILE',
      `Cannot read ${path}: it does not exist. If its consent was withdrawn, export the images anew, and the manifest says so.`,
    );
  }
  const { data, ...picture } = readPng(readFile(path), path);
  const [rows, columns, channels = 1] = shape;
  const isSame = picture.rows === rows && picture.columns === columns && picture.channels === channels;
  if (isSame && sha256(data) === sum) return data;
  throw new DactylError(
    'E_CHECKSUM',
    `${path}: expected the image of the manifest, ${shape.join(' × ')}, SHA-256 ${sum.slice(0, 12)}…; received another. Export the images anew.`,
  );
}

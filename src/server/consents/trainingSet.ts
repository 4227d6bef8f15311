import { zipSync } from 'fflate';
import type { DataSet } from '../../data/dataSet.ts';
import { type ConsentedManifest, consentedFile, MANIFEST_FILE } from '../../store/consentedFolder.ts';
import { sha256 } from '../../store/sha256.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import type { Consents } from './consents.ts';
import type { Appending } from './erasing.ts';
import { pngOf } from './imageFile.ts';
import { unlessAltered } from './altered.ts';
import { USABLE } from './record.ts';

interface TrainingSetParts {
  readonly database: Database;
  readonly audit: Appending;
  readonly clock: Pick<Clock, 'now'>;
  readonly consents: Pick<Consents, 'item' | 'used'>;
}

/** What a set is for: images of one size and with the same classes. */
export type TrainingForm = Pick<DataSet, 'shape' | 'classes'>;

/**
 * The images that may be trained with, as a zip of what `dactyl train --extra` reads: consented to for training, not restricted, not objected to, not a child's, within their time, of this
 * form, and labelled by a person, never by the network itself. That they were given out is noted with their consents and in the audit log.
 */
export async function trainingSet(
  { database, audit, clock, consents }: TrainingSetParts,
  { shape: given, classes }: TrainingForm,
): Promise<Uint8Array> {
  const shape = given.at(-1) === 1 && given.length === 3 ? given.slice(0, 2) : [...given];
  const rows = await database.query(
    `SELECT i.consent, i.item FROM consent_items i JOIN consents c ON c.id = i.consent
      WHERE ${USABLE} AND c.under_age = 0 AND c.purposes LIKE '% training %' AND i.label IS NOT NULL
      ORDER BY i.consent, i.item`,
    [clock.now()],
  );
  const files: Record<string, Uint8Array> = {};
  const images: ConsentedManifest['images'] = [];
  for (const { consent: id, item: number } of rows) {
    const [consent, item] = [String(id), Number(number)];
    const found = await unlessAltered(consents.item(consent, item));
    if (found === undefined) continue;
    const { image, shape: own, answer, label } = found;
    const isOfForm =
      answer.classes.join('\n') === classes.join('\n') &&
      (own.join() === shape.join() || own.join() === given.join());
    const png = isOfForm ? pngOf(image, shape) : undefined;
    if (png === undefined || label === undefined || !classes.includes(label.value)) continue;
    const row = { consent, item, label: label.value, sha256: sha256(image) };
    files[consentedFile(row)] = png;
    images.push(row);
  }
  const erased = await database.query(
    "SELECT DISTINCT c.id FROM consents c JOIN consent_uses u ON u.consent = c.id WHERE u.kind = 'training set' AND c.erased_at IS NOT NULL ORDER BY c.id",
  );
  const manifest: ConsentedManifest = {
    format: 'dactyl-consented/1',
    shape,
    classes: [...classes],
    images,
    erased: erased.map(({ id }) => String(id)),
  };
  const text = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
  const what = sha256(text).slice(0, 12);
  const used = [...new Set(images.map(({ consent }) => consent))];
  await audit.append({
    kind: 'training-set.exported',
    at: clock.now(),
    subject: what,
    facts: { images: images.length, consents: used.length },
  });
  await consents.used(used, { kind: 'training set', what });
  return zipSync({ ...files, [MANIFEST_FILE]: text }, { level: 0 });
}

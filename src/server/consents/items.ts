import { DactylError } from '../../util/errors.ts';
import { sizeOf } from '../../util/tensor.ts';
import type { Row, Statement } from '../store/database.ts';
import { openBytes, sealBytes } from './cipher.ts';

/** What the network made of an image, in the words of its classes. */
export interface KeptAnswer {
  readonly model: string;
  readonly version: string;
  readonly classes: readonly string[];
  readonly label: string;
  /** Calibrated probability of the label, and of each class. */
  readonly confidence: number;
  readonly probabilities: readonly number[];
  /** Those that cannot be ruled out at 95 %, where that was calibrated. */
  readonly set?: readonly string[];
  /** Why it is not sure; absent where it is. */
  readonly notSure?: string;
}

/** What a person said that an image shows. */
export interface Label {
  /** A class, or `no digit`. */
  readonly value: string;
  readonly by: 'person' | 'review';
}

/** What an image shows that shows nothing of what the network names. */
export const NO_DIGIT = 'no digit';

/** What the network takes an image for: none of its classes where that is at least as probable as the most probable of them. */
export function suggestionOf({ label, confidence, probabilities }: KeptAnswer): {
  readonly label: string;
  readonly confidence: number;
} {
  const none = 1 - probabilities.reduce((sum, p) => sum + p, 0);
  return none >= confidence ? { label: NO_DIGIT, confidence: none } : { label, confidence };
}

/** One image that is kept, with what was answered. */
export interface Item {
  /** What the network saw: a byte for each value, 0 background to 255 ink where it is ink. */
  readonly image: Uint8Array;
  /** [rows, columns] or [rows, columns, channels]. */
  readonly shape: readonly number[];
  /** The picture that was sent, where there was one. */
  readonly original?: { readonly bytes: Uint8Array; readonly type: string };
  readonly answer: KeptAnswer;
  readonly label?: Label;
}

/** An image that does not open: its sealed bytes, or its row, are not as they were written. */
export interface Damaged {
  /** What is wrong, for whoever it belongs to. */
  readonly damaged: string;
}

export const DAMAGED =
  'This image is damaged: what the store has of it does not open, or is missing. Whoever runs this server may have it in a backup.';

export function isDamaged(item: Item | Damaged): item is Damaged {
  return 'damaged' in item;
}

type Field = 'image' | 'original' | 'answer' | 'label';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The row of an item, sealed with the consent's data key, each field in its own place. `number`: from 1. `terms`: what was consented to, sealed with the answer. */
export function itemStatement(
  key: Uint8Array,
  consent: string,
  number: number,
  item: Item,
  terms: string,
): Statement {
  const { image, shape, original, answer, label } = item;
  const seal = (field: Field, bytes: Uint8Array): Uint8Array =>
    sealBytes(key, placeOf(consent, number, field), bytes);
  const json = (field: Field, value: unknown): Uint8Array | null =>
    value === undefined ? null : seal(field, encoder.encode(JSON.stringify(value)));
  return {
    sql: 'INSERT INTO consent_items (consent, item, shape, image, original, original_type, answer, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    values: [
      consent,
      number,
      shape.join(','),
      seal('image', image),
      original ? seal('original', original.bytes) : null,
      original?.type ?? null,
      json('answer', { ...answer, terms }),
      json('label', label),
    ],
  };
}

/** Sets the label of an item. */
export function labelStatement(key: Uint8Array, consent: string, number: number, label: Label): Statement {
  const sealed = sealBytes(key, placeOf(consent, number, 'label'), encoder.encode(JSON.stringify(label)));
  return {
    sql: 'UPDATE consent_items SET label = ? WHERE consent = ? AND item = ?',
    values: [sealed, consent, number],
  };
}

/** An item again, and the terms that were sealed with it. Throws E_CHECKSUM where a field was changed or moved. */
export function openItem(key: Uint8Array, row: Row): { readonly item: Item; readonly terms?: string } {
  const [consent, number] = [String(row.consent), Number(row.item)];
  const open = (field: Field): Uint8Array | undefined => {
    const sealed = row[field];
    return sealed instanceof Uint8Array ? openBytes(key, placeOf(consent, number, field), sealed) : undefined;
  };
  const json = (field: Field): unknown => {
    const bytes = open(field);
    return bytes && JSON.parse(decoder.decode(bytes));
  };
  const [image, answered] = [open('image'), json('answer')];
  const shape = String(row.shape).split(',').map(Number);
  if (image === undefined || answered === undefined || image.length !== sizeOf(shape)) {
    throw new DactylError(
      'E_CHECKSUM',
      `${consent}, ${number}: expected an image of the shape ${String(row.shape)} with its answer, sealed; received ${image === undefined ? 'no image' : answered === undefined ? 'no answer' : `${image.length} values`}. The store was changed from outside; restore a backup.`,
    );
  }
  const original = open('original');
  const label = json('label') as Label | undefined;
  const { terms, ...answer } = answered as KeptAnswer & { readonly terms?: string };
  const item = {
    image,
    shape,
    ...(original && { original: { bytes: original, type: String(row.original_type) } }),
    answer,
    ...(label && { label }),
  };
  return { item, ...(terms !== undefined && { terms }) };
}

function placeOf(consent: string, number: number, field: Field): string[] {
  return [consent, String(number), field];
}

/** As `openItem`; undefined where it throws E_CHECKSUM. */
export function openedItem(key: Uint8Array, row: Row): ReturnType<typeof openItem> | undefined {
  try {
    return openItem(key, row);
  } catch (error) {
    if (error instanceof DactylError && error.code === 'E_CHECKSUM') return undefined;
    throw error;
  }
}

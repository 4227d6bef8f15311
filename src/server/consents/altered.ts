import { HttpError } from '../errors.ts';
import type { Item } from './items.ts';

/** The image; undefined where its consent was changed in the store, or it does not open, so that it is passed over. */
export async function unlessAltered(item: Promise<Item>): Promise<Item | undefined> {
  try {
    return await item;
  } catch (error) {
    if (error instanceof HttpError && ['E_MISMATCH', 'E_CHECKSUM'].includes(error.code)) return undefined;
    throw error;
  }
}

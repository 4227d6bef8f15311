import { badRequest } from '../errors.ts';
import type { Answers } from '../models/answers.ts';
import type { Services } from '../services.ts';
import { MOST_ITEMS } from './consents.ts';
import type { ConsentGiven } from './given.ts';
import type { Item } from './items.ts';

/** What a request that consented is told: `consent_token`, which nobody can ask for again, and until when its images are kept. */
export type KeptParameters = Readonly<Record<'consent_token' | 'consent_until', string>>;

/** Keeps what was consented to, and queues what is not sure where that was. */
export async function keepConsented(
  { consents, reviews }: Pick<Services, 'consents' | 'reviews'>,
  given: ConsentGiven,
  items: readonly Item[],
  decision: string,
): Promise<KeptParameters> {
  const { token, consent, until } = await consents.keep(given, items, decision);
  await reviews.offer(given, consent, items);
  return { consent_token: token, consent_until: new Date(until).toISOString() };
}

/** Throws E_ARGUMENT before anything is computed where so many images are more than one consent holds. */
export function requireFew(count: number): void {
  if (count <= MOST_ITEMS) return;
  throw badRequest(
    `consent: expected at most ${MOST_ITEMS} images under one consent, received ${count}. Send fewer at a time. Nothing was kept.`,
  );
}

/** The images of a request as a network saw them, with its answers. `values`: [count][size], 0 to 255 as images are; others are held to that. */
export function itemsOf(answers: Answers, values: ArrayLike<number>): Item[] {
  const { name, version, classes, inputShape, size } = answers.model;
  return Array.from({ length: answers.count }, (_, i): Item => {
    const { label, confidence, probabilities, notSure, set } = answers.at(i);
    return {
      // A clamped array rounds and holds to 0 … 255.
      image: new Uint8Array(Uint8ClampedArray.from({ length: size }, (_, k) => values[i * size + k]).buffer),
      shape: inputShape,
      answer: {
        model: name,
        version,
        classes,
        label,
        confidence,
        probabilities: Array.from(probabilities),
        ...(set && { set }),
        ...(notSure !== undefined && { notSure }),
      },
    };
  });
}

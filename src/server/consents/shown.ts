import { zipSync } from 'fflate';
import { PURPOSES } from './given.ts';
import { pngOf, pngUri } from './imageFile.ts';
import { type Damaged, isDamaged, type Item } from './items.ts';
import type { Occlusion } from './occlusion.ts';
import type { Consent, Use } from './record.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the network does, for people (GDPR, Art. 13(2)(f), 15(1)(h)). */
const LOGIC =
  'A neural network, trained on labelled images, turned the image into one probability for each class. The answer is the most probable class; where its probability is below the model’s threshold, or the image does not look like what the model knows, the answer is marked as not sure. No person is identified, and who wrote it is not worked out. The card of the model (/v1/cards) says how often it is wrong, and with whom.';

/** The proof, what was done, and what can be done: all that is not the images. */
export function shownConsent(consent: Consent, uses: readonly Use[], path: string): Json {
  const { id, purposes, days, underAge, notice, decision, items, givenAt, untilAt, erasedAt, erasedFor } =
    consent;
  return {
    consent: id,
    state: stateOf(consent),
    says: sentence(consent),
    given: iso(givenAt),
    until: iso(untilAt),
    days,
    purposes: purposes.map((purpose) => ({ purpose, means: PURPOSES[purpose] })),
    under_age: underAge,
    notice,
    decision,
    images: items,
    restricted: iso(consent.restrictedAt),
    objected: iso(consent.objectedAt),
    erased: erasedAt === null ? null : { at: iso(erasedAt), reason: erasedFor },
    uses: uses.map(({ kind, what, at }) => ({ kind, what, at: iso(at) })),
    ...(uses.length > 0 && { note: usesNote(uses, erasedAt !== null) }),
    ...(consent.altered && { altered: true }),
    ...(erasedAt === null && { rights: rights(path) }),
  };
}

/** With the images, for whoever has the token. Of a damaged one, that it is. */
export function shownItems(items: readonly (Item | Damaged)[]): Json[] {
  return items.map((item, k) => {
    if (isDamaged(item)) return { item: k + 1, image: null, ...item };
    const { image, shape, answer, label } = item;
    return { item: k + 1, image: pngUri(image, shape), shape, answer, label: label ?? null };
  });
}

/**
 * All of it as one zip: `consent.json`, and for each image `image-1.png`, just as the network saw it (`image-1.bin`, a byte for each value, where there is no such picture), the picture
 * that was sent, and its explanation, `explanation-1.json` and `.png`. A damaged image is named in `consent.json`.
 */
export function exportedZip(
  shown: Json,
  items: readonly (Item | Damaged)[],
  explanations: readonly (Occlusion | undefined)[],
): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  const add = (name: string, content: Uint8Array): string => {
    files[name] = content;
    return name;
  };
  const json = (value: unknown): Uint8Array =>
    new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  const explained = (number: number, { png, ...rest }: Occlusion): string => {
    add(`explanation-${number}.png`, png);
    return add(`explanation-${number}.json`, json(rest));
  };
  const list = items.map((kept, k) => {
    if (isDamaged(kept)) return { item: k + 1, image: null, ...kept };
    const { image, shape, original, answer, label } = kept;
    const png = pngOf(image, shape);
    const explanation = explanations[k];
    return {
      item: k + 1,
      shape,
      image: png ? add(`image-${k + 1}.png`, png) : add(`image-${k + 1}.bin`, image),
      original: original ? add(`original-${k + 1}.${extensionOf(original.type)}`, original.bytes) : null,
      answer,
      explanation: explanation === undefined ? null : explained(k + 1, explanation),
      label: label ?? null,
    };
  });
  add('consent.json', json({ ...shown, logic: LOGIC, items: list }));
  return zipSync(files, { level: 6 });
}

/** Said where images were used, with consent and before anything was erased. */
function usesNote(uses: readonly Use[], erased: boolean): string {
  const models = [...new Set(uses.filter(({ kind }) => kind === 'model').map(({ what }) => what))];
  const sets = uses.some(({ kind }) => kind === 'training set');
  const said = [
    models.length > 0 &&
      `These images were used to train ${models.length === 1 ? 'the model' : 'the models'} ${models.join(', ')}. Erasing them does not untrain ${models.length === 1 ? 'it' : 'them'}; models that are trained from now on ${erased ? 'do' : 'would'} not have them.`,
    sets &&
      'These images were put into a set of images for training; whoever keeps that set is told when they are erased.',
  ];
  return said.filter((one) => one !== false).join(' ');
}

function stateOf({ erasedAt, objectedAt, restrictedAt }: Consent): string {
  if (erasedAt !== null) return 'erased';
  if (objectedAt !== null) return 'objected';
  return restrictedAt === null ? 'kept' : 'restricted';
}

function sentence(consent: Consent): string {
  const { erasedAt, erasedFor, untilAt, items, underAge } = consent;
  const images = items === 1 ? 'The image' : `The ${items} images`;
  if (erasedAt !== null) {
    return `${images} ${items === 1 ? 'was' : 'were'} erased on ${day(erasedAt)}, ${erasedFor === 'request' ? 'as you asked' : 'when the time was over'}, here and in every backup that the server’s own program made. This proof that the consent was given is all that is left.`;
  }
  const kept = `${images} ${items === 1 ? 'is' : 'are'} kept, encrypted, until ${day(untilAt)}, then erased.`;
  if (consent.altered) {
    return `${kept} What was consented to was changed in the store from outside, so that ${items === 1 ? 'it is' : 'they are'} used for nothing. The terms below may not be those that you gave; whoever runs this server has to say why. You can erase ${items === 1 ? 'it' : 'them'} at any time.`;
  }
  const use = {
    kept: `Until then ${items === 1 ? 'it is' : 'they are'} used for the purposes below${underAge ? ', but not for training, since they are a child’s' : ''}.`,
    restricted: `${items === 1 ? 'It is' : 'They are'} used for nothing while the restriction lasts.`,
    objected: `${items === 1 ? 'It is' : 'They are'} used for nothing any more, since you objected.`,
  }[stateOf(consent) as 'kept' | 'restricted' | 'objected'];
  return `${kept} ${use}`;
}

function rights(path: string): Json[] {
  return [
    {
      right: 'access, portability',
      article: 'GDPR 15, 20',
      do: `GET ${path}/export`,
      gives: 'one zip with all of it',
    },
    {
      right: 'rectification',
      article: 'GDPR 16',
      do: `PATCH ${path}`,
      body: { labels: [{ item: 1, label: '7' }] },
    },
    {
      right: 'withdrawal, erasure',
      article: 'GDPR 7(3), 17',
      do: `DELETE ${path}`,
      gives: 'erased at once, also in every backup that the server’s own program made',
    },
    { right: 'restriction', article: 'GDPR 18', do: `PATCH ${path}`, body: { restricted: true } },
    {
      right: 'objection: withdrawal without erasure',
      article: 'GDPR 7(3)',
      do: `PATCH ${path}`,
      body: { objection: true },
    },
  ];
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/bmp': 'bmp',
};

function extensionOf(type: string): string {
  return Object.hasOwn(EXTENSIONS, type) ? EXTENSIONS[type] : 'bin';
}

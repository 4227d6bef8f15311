import { type Static, Type } from 'typebox';
import type { DataSet } from '../data/dataSet.ts';
import type { Examples } from '../data/examples.ts';
import { numberNames } from '../data/identity.ts';
import { imageSize } from '../data/makeDataSet.ts';
import { UNIPEN_DIGITS } from '../data/unipen/drawnDigits.ts';
import { DactylError } from '../util/errors.ts';
import { countOf, grouped } from './wording.ts';

/** What a recipe can add to the training images, by name. */
const EXTRA = { [UNIPEN_DIGITS.name]: UNIPEN_DIGITS } as const;

type ExtraName = keyof typeof EXTRA;

/** The images themselves, by name. */
export type ExtraExamples = { readonly [N in ExtraName]?: Examples } & {
  readonly consented?: ConsentedExamples;
};

/** Images that people let a server keep for training, with what a recipe says of them. */
export interface ConsentedExamples extends Examples {
  /** Names of the classes. */
  readonly names: readonly string[];
  readonly about: Consented;
}

export const ExtraData = Type.Array(
  Type.Unsafe<ExtraName>(Type.Union(Object.keys(EXTRA).map((name) => Type.Literal(name)))),
  {
    minItems: 1,
    uniqueItems: true,
    description:
      'images that are trained on beside the training images: unipen-digits, the 8,057 drawings that come with Dactyl. Of digits of 28 × 28 grey pixels only',
  },
);

export const Consented = Type.Object(
  {
    images: Type.Integer({ minimum: 1 }),
    sha256: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'of shape, classes, consents, labels and the SHA-256 of every image',
    }),
    consents: Type.Array(Type.String(), {
      minItems: 1,
      uniqueItems: true,
      description: 'identifiers of the consents under which the images were kept',
    }),
  },
  {
    additionalProperties: false,
    description:
      'images that people consented to have trained with, beside the training images: what a folder of dactyl train --extra holds',
  },
);
export type Consented = Static<typeof Consented>;

/** What a recipe says of further images. */
interface Extended {
  readonly extraData?: Static<typeof ExtraData>;
  readonly consented?: Consented;
}

/** What a trial's key says of them. */
export function extraIdentity({ extraData = [] }: Extended): { extraData?: string[] } {
  return extraData.length === 0 ? {} : { extraData: extraData.flatMap((name) => EXTRA[name].identity) };
}

/** How many images a recipe adds to the training images. */
export function extraCount({ extraData = [], consented }: Extended): number {
  return extraData.reduce((sum, name) => sum + EXTRA[name].images, consented?.images ?? 0);
}

/** The further images in words: '8,057 images of unipen-digits', '12 images under three consents'; none where there are none. */
export function extraWords({ extraData = [], consented }: Extended): string[] {
  const named = extraData.map((name) => `${grouped(EXTRA[name].images)} images of ${name}`);
  return [...named, ...(consented ? [consentedWords(consented)] : [])];
}

/** '12 images under three consents'. */
export function consentedWords({ images, consents }: Consented): string {
  return `${countOf(images, 'image')} under ${countOf(consents.length, 'consent')}`;
}

/** Whether the drawings that come with Dactyl are among what a recipe trains on. */
export function learnsDrawings(recipe: Extended | null): boolean {
  return recipe?.extraData?.includes(UNIPEN_DIGITS.name) ?? false;
}

/** The images that a recipe adds to the training images. Throws E_ARGUMENT where they are not at hand. */
export function extraExamples(
  { extraData = [], consented }: Extended,
  extra: ExtraExamples = {},
): Examples[] {
  const named = extraData.map((name) => {
    const examples = extra[name];
    if (examples !== undefined) return examples;
    throw new DactylError(
      'E_ARGUMENT',
      `extraData: expected the images of ${name} as source.extra['${name}'], such as loadUnipenDigits() gives them; received none.`,
    );
  });
  if (!consented) return named;
  if (extra.consented?.about.sha256 === consented.sha256) return [...named, extra.consented];
  throw new DactylError(
    'E_ARGUMENT',
    `consented: expected ${consentedWords(consented)}, SHA-256 ${consented.sha256.slice(0, 12)}…; received ${extra.consented ? `others, SHA-256 ${extra.consented.about.sha256.slice(0, 12)}…` : 'none'}. Give the folder that was trained with as --extra.`,
  );
}

/** Throws E_ARGUMENT for an arm that adds drawn digits to images of another form or of other things. */
export function requireExtraData(
  arms: readonly { readonly name: string; readonly recipe: Extended }[],
  {
    name,
    shape,
    classes,
    extra,
  }: Pick<DataSet, 'name' | 'shape' | 'classes'> & { readonly extra?: ExtraExamples },
): void {
  const consenting = arms.find(({ recipe }) => recipe.consented !== undefined);
  if (consenting && extra?.consented) {
    const { images, names } = extra.consented;
    const own = images.shape.slice(1);
    if (own.join() !== shape.join() || names.join() !== classes.join()) {
      throw new DactylError(
        'E_ARGUMENT',
        `${consenting.name}: expected further images as those of ${name} are, ${imageSize(shape)} in the classes ${classes.join(', ')}; received ${imageSize(own)} in ${names.join(', ')}. Give the images that they go with as --data, or train without --extra.`,
      );
    }
  }
  const extended = arms.find(({ recipe }) => recipe.extraData !== undefined);
  if (!extended || (shape.join() === '28,28' && classes.join() === numberNames(10).join())) return;
  throw new DactylError(
    'E_ARGUMENT',
    `${extended.name}: extraData ${extended.recipe.extraData!.join(', ')} are digits, 28 × 28 grey pixels in the classes 0 to 9, and can be added to such images only; received ${name}, ${imageSize(shape)} in ${classes.length} classes${classes.length === 10 ? ` (${classes.join(', ')})` : ''}. Leave it out.`,
  );
}

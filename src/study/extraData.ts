import { type Static, Type } from 'typebox';
import type { DataSet } from '../data/dataSet.ts';
import type { Examples } from '../data/examples.ts';
import { numberNames } from '../data/identity.ts';
import { imageSize } from '../data/makeDataSet.ts';
import { UNIPEN_DIGITS } from '../data/unipen/drawnDigits.ts';
import { DactylError } from '../util/errors.ts';

/** What a recipe can add to the training images, by name. */
const EXTRA = { [UNIPEN_DIGITS.name]: UNIPEN_DIGITS } as const;

type ExtraName = keyof typeof EXTRA;

/** The images themselves, by name. */
export type ExtraExamples = { readonly [N in ExtraName]?: Examples };

export const ExtraData = Type.Array(
  Type.Unsafe<ExtraName>(Type.Union(Object.keys(EXTRA).map((name) => Type.Literal(name)))),
  {
    minItems: 1,
    uniqueItems: true,
    description:
      'images that are trained on beside the training images: unipen-digits, the 8,057 drawings that come with Dactyl. Of digits of 28 × 28 grey pixels only',
  },
);

/** What a recipe says of further images. */
interface Extended {
  readonly extraData?: Static<typeof ExtraData>;
}

/** What a trial's key says of them. */
export function extraIdentity({ extraData = [] }: Extended): { extraData?: string[] } {
  return extraData.length === 0 ? {} : { extraData: extraData.flatMap((name) => EXTRA[name].identity) };
}

/** How many images a recipe adds to the training images. */
export function extraCount({ extraData = [] }: Extended): number {
  return extraData.reduce((sum, name) => sum + EXTRA[name].images, 0);
}

/** Whether the drawings that come with Dactyl are among what a recipe trains on. */
export function learnsDrawings(recipe: Extended | null): boolean {
  return recipe?.extraData?.includes(UNIPEN_DIGITS.name) ?? false;
}

/** The images that a recipe adds to the training images. Throws E_ARGUMENT where they are not at hand. */
export function extraExamples({ extraData = [] }: Extended, extra: ExtraExamples = {}): Examples[] {
  return extraData.map((name) => {
    const examples = extra[name];
    if (examples !== undefined) return examples;
    throw new DactylError(
      'E_ARGUMENT',
      `extraData: expected the images of ${name} as source.extra['${name}'], such as loadUnipenDigits() gives them; received none.`,
    );
  });
}

/** Throws E_ARGUMENT for an arm that adds drawn digits to images of another form or of other things. */
export function requireExtraData(
  arms: readonly { readonly name: string; readonly recipe: Extended }[],
  { name, shape, classes }: Pick<DataSet, 'name' | 'shape' | 'classes'>,
): void {
  const extended = arms.find(({ recipe }) => recipe.extraData !== undefined);
  if (!extended || (shape.join() === '28,28' && classes.join() === numberNames(10).join())) return;
  throw new DactylError(
    'E_ARGUMENT',
    `${extended.name}: extraData ${extended.recipe.extraData!.join(', ')} are digits, 28 × 28 grey pixels in the classes 0 to 9, and can be added to such images only; received ${name}, ${imageSize(shape)} in ${classes.length} classes${classes.length === 10 ? ` (${classes.join(', ')})` : ''}. Leave it out.`,
  );
}

import { type Static, Type } from 'typebox';
import { type Form, MNIST_FORM } from '../data/dataSet.ts';
import { ACTIVATIONS } from '../engine/activations/activations.ts';
import { INITIALIZERS } from '../nn/initializers/initializers.ts';
import { resolveName } from '../nn/names.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { DactylError } from '../util/errors.ts';
import { sha256Hex } from '../util/hash.ts';
import { requireFields } from '../util/options.ts';
import { CLAIM_IDS, type ClaimId } from './claims.ts';
import { DENSE_FIELDS, Recipe, recipeOf } from './recipe.ts';
import { completeLayers, notPrivate, requireLayers } from './recipeLayers.ts';
import { checkedOptimizer } from './recipeOptimizer.ts';
import { checkRules, DEFAULT_RULES, ownRulesOf, Rules } from './rules.ts';
import { checkGiven } from './studyFileProblem.ts';
import { requireTeachers } from './teachers.ts';

export {
  checkRules,
  DEFAULT_RULES,
  JUDGEMENT_VERSION,
  ownRulesOf,
  Rules,
  rulesBeside,
  rulesOf,
} from './rules.ts';

const closed = { additionalProperties: false } as const;

const Claims = Type.Unsafe<ClaimId[]>(
  Type.Array(Type.Union(CLAIM_IDS.map((id) => Type.Literal(id))), {
    minItems: 1,
    uniqueItems: true,
    description: 'which of the paper’s claims are judged; all where nothing is said',
  }),
);

/** How the data are divided. */
export const Split = Type.Union([
  Type.Object(
    { kind: Type.Literal('test') },
    {
      ...closed,
      description:
        'all training images, 60,000 of MNIST’s; the validation curves are the test set, as in the paper',
    },
  ),
  Type.Object(
    { kind: Type.Literal('holdout') },
    {
      ...closed,
      description:
        'one in ten training images for validation, 6,000 of MNIST’s, stratified by class and writer population; the test set once, at the end',
    },
  ),
  Type.Object(
    { kind: Type.Literal('half') },
    {
      ...closed,
      description:
        'a random half of the training images, drawn by the seed; validation is the test set. For attacks on privacy, which need networks that did not see an image',
    },
  ),
  Type.Object(
    {
      kind: Type.Literal('folds'),
      folds: Type.Integer({ minimum: 2, maximum: 100 }),
      repeats: Type.Integer({ minimum: 1, maximum: 100 }),
      groups: Type.Union([Type.Literal('images'), Type.Literal('writers')], {
        description:
          'images: stratified by class and population; writers: no writer on both sides (needs the QMNIST label files)',
      }),
    },
    { ...closed, description: 'cross-validation on the training images; 2 folds, 5 repeats is 5×2' },
  ),
]);
export type Split = Static<typeof Split>;

/** Of a folder, so nothing that leads elsewhere; `trials` is the folder of the trials. */
const Name = Type.String({
  pattern: '^(?![Tt][Rr][Ii][Aa][Ll][Ss]$)[A-Za-z0-9][A-Za-z0-9._+-]{0,119}$',
  description:
    'letters, digits, hyphens, underscores, dots and plus signs, a letter or digit first; at most 120; not "trials"',
});

const Stopping = Type.Literal('until-decided', {
  description:
    'seeds is then the most: the study ends as soon as the always-valid 95 % intervals of accuracy, first arm minus each other, lie inside the region of practical equivalence or clear it',
});

export const Data = Type.String({
  minLength: 1,
  maxLength: 4096,
  description: 'name or path of the images, as --data takes them; MNIST where nothing is said',
});

const TestData = Type.String({
  minLength: 1,
  maxLength: 4096,
  description: 'path of other test images, which take the place of those of the data',
});

const Extra = Type.String({
  minLength: 1,
  maxLength: 4096,
  description: 'folder of the images that were trained with by consent (dactyl train --extra)',
});

/** What is known of the images before they are read: MNIST's form, or nothing (null) where a study says others. */
export function formAhead(study: { readonly data?: string | undefined } | null | undefined): Form | null {
  // Whatever else is given is refused where it is looked at as a whole.
  return study?.data === undefined ? MNIST_FORM : null;
}

/** A study as it is run: everything said, nothing by default. */
export const Study = Type.Object(
  {
    name: Name,
    question: Type.String(),
    arms: Type.Array(Type.Object({ name: Name, recipe: Recipe }, closed), { minItems: 1 }),
    seeds: Type.Array(Type.Integer(), { minItems: 1, description: 'every arm runs with each (paired)' }),
    split: Split,
    rules: Rules,
    ownRules: Type.Optional(
      Type.Partial(Rules, {
        ...closed,
        description: 'those of the rules that the file states; the others are the defaults',
      }),
    ),
    claims: Type.Optional(Claims),
    stopping: Type.Optional(Stopping),
    data: Type.Optional(Data),
    testData: Type.Optional(TestData),
    extra: Type.Optional(Extra),
    quick: Type.Boolean({ description: 'a short taste; its numbers are not the result' }),
  },
  closed,
);
export type Study = Static<typeof Study>;

/** A study as a file says it: `studies/*.json`. What is left out is the paper's. */
export const StudyFile = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    name: Name,
    question: Type.String({ minLength: 1, description: 'what the study is to answer' }),
    recipe: Type.Optional(
      Type.Partial(Recipe, { ...closed, description: 'of all arms; the paper’s where nothing is said' }),
    ),
    arms: Type.Record(Name, Type.Partial(Recipe, closed), {
      minProperties: 1,
      description: 'what each arm does otherwise',
    }),
    seeds: Type.Integer({ minimum: 1, maximum: 10_000, description: 'runs of each arm' }),
    firstSeed: Type.Optional(
      Type.Integer({
        minimum: -(2 ** 52),
        maximum: 2 ** 52,
        description: 'the seeds are firstSeed, firstSeed + 1, …; 1 by default',
      }),
    ),
    split: Type.Optional(Split),
    stopping: Type.Optional(Stopping),
    claims: Type.Optional(Claims),
    rules: Type.Optional(Type.Partial(Rules, { ...closed, description: 'by which claims are decided' })),
    data: Type.Optional(Data),
    testData: Type.Optional(TestData),
    extra: Type.Optional(Extra),
  },
  { ...closed, title: 'A study of Dactyl' },
);
export type StudyFile = Static<typeof StudyFile>;

/** Trials of one study: more than a year of training on many cores, and more than a plan should hold in memory. */
const MOST_TRIALS = 200_000;

/**
 * The study that a file says, everything said. `order`: of the arms' names in the file, which an object does not keep for names that are whole
 * numbers. Throws E_ARGUMENT for what the schema of study files refuses, an unknown activation or initializer, layers that do not make a classifier
 * of digits or stand beside what describes a dense network, a momentum or option that its optimizer does not have, early stopping without a hold-out, privacy with reweighting, distillation or extraData, teachers that are no
 * trials of the study, arms that are the same, rules that contradict themselves, and too many trials. `form`: of the images, where they are at hand;
 * null where they are not known yet, and then layers are held to them later (`requireNetworks`).
 */
export function resolveStudy(file: StudyFile, order?: readonly string[], form = formAhead(file)): Study {
  checkGiven(StudyFile, file, 'the study');
  const { name, question, recipe = {}, arms, seeds, firstSeed = 1 } = file;
  const { split = { kind: 'test' }, stopping, claims, rules, data, testData, extra } = file;
  const names = order ?? orderedNames(arms);
  const resolved: Study = {
    name,
    question,
    arms: names.map((arm) => ({ name: arm, recipe: recipeOf(recipe, arms[arm]) })),
    seeds: Array.from({ length: seeds }, (_, k) => firstSeed + k),
    split,
    rules: { ...DEFAULT_RULES, ...rules },
    ownRules: { ...rules },
    ...(claims && { claims }),
    ...(stopping && { stopping }),
    ...(data !== undefined && { data }),
    ...(testData !== undefined && { testData }),
    ...(extra !== undefined && { extra }),
    quick: false,
  };
  return checkedStudy(resolved, form);
}

/**
 * A study that a program gives with everything said, as files are held to it, names in their own spelling. Throws E_ARGUMENT as `resolveStudy`, and for
 * two arms of one name or a seed twice.
 */
export function checkedStudy(given: Study, form = formAhead(given)): Study {
  checkGiven(Study, given, 'the study');
  const { name, arms, seeds, split, rules } = given;
  refuseTwice(
    name,
    'the arm',
    arms.map((arm) => arm.name),
  );
  refuseTwice(name, 'the seed', seeds);
  checkRules(rules);
  const resolved = arms.map((arm) => ({
    name: arm.name,
    recipe: checkedRecipe(arm.name, arm.recipe, { split, form }),
  }));
  refuseTwins(resolved);
  for (const arm of resolved) requireTeachers(arm, resolved, seeds);
  const trials = arms.length * seeds.length * (split.kind === 'folds' ? split.folds * split.repeats : 1);
  if (trials > MOST_TRIALS) {
    throw new DactylError(
      'E_ARGUMENT',
      `${name}: expected at most ${MOST_TRIALS} trials, received ${trials} (${arms.length} arms, ${seeds.length} seeds). Divide it into several studies.`,
    );
  }
  return { ...given, arms: resolved };
}

/** The names of arms in an object's order, refused where JavaScript keeps another than was written: numbers come first. */
export function orderedNames(arms: object): string[] {
  const names = Object.keys(arms);
  const moved = names.length > 1 ? names.find((arm) => /^(0|[1-9]\d{0,9})$/.test(arm)) : undefined;
  if (moved === undefined) return names;
  throw new DactylError(
    'E_ARGUMENT',
    `arms: expected names that are no whole numbers, received ${moved}: JavaScript moves these to the front of an object, and the first arm is what the others are compared with. Call it units-${moved}, say.`,
  );
}

function refuseTwice(study: string, what: string, values: readonly (string | number)[]): void {
  const twice = values.find((value, k) => values.indexOf(value) !== k);
  if (twice === undefined) return;
  throw new DactylError('E_ARGUMENT', `${study}: expected ${what} ${twice} once, received it twice.`);
}

function checkedRecipe(
  arm: string,
  recipe: Recipe,
  { split, form }: { readonly split: Split; readonly form: Form | null },
): Recipe {
  if (recipe.earlyStopping && split.kind !== 'holdout') {
    throw new DactylError(
      'E_ARGUMENT',
      `${arm}: earlyStopping would choose the epoch on the very images that the result is measured on (split ${split.kind}). Take "split": { "kind": "holdout" }.`,
    );
  }
  if (recipe.privacy && recipe.reweighting) {
    throw new DactylError(
      'E_ARGUMENT',
      `${arm}: expected privacy or reweighting, received both. An image that is shown several times in an epoch would have several times the influence that privacy accounts for. Leave one out.`,
    );
  }
  if (recipe.privacy && recipe.distillation) {
    throw new DactylError(
      'E_ARGUMENT',
      `${arm}: expected privacy or distillation, received both. What teachers give away of their training images is not accounted for. Leave one out.`,
    );
  }
  const further = recipe.extraData ? 'extraData' : recipe.consented ? 'consented' : undefined;
  if (recipe.privacy && further) {
    throw new DactylError(
      'E_ARGUMENT',
      `${arm}: expected privacy or ${further}, received both. Whom ε protects is told of the training images of the data set alone. Leave one out.`,
    );
  }
  return ofArm(arm, () => checkedOptimizer(checkedNetwork(recipe, form)));
}

function checkedNetwork(recipe: Recipe, form: Form | null): Recipe {
  const said = DENSE_FIELDS.filter((field) => recipe[field] !== undefined);
  if (!recipe.layers) {
    const missing = DENSE_FIELDS.find((field) => !said.includes(field));
    if (missing !== undefined) {
      throw new DactylError('E_ARGUMENT', `the key "${missing}" is missing; a recipe has it or "layers".`);
    }
    return {
      ...recipe,
      activation: resolveName('activation', ACTIVATIONS, recipe.activation),
      initializer: resolveName('initializer', INITIALIZERS, recipe.initializer),
    };
  }
  if (said.length > 0) throw new DactylError('E_ARGUMENT', `${besideLayers(said)}.`);
  const layers = completeLayers(recipe.layers, form);
  const mixing = recipe.privacy && notPrivate(layers);
  if (mixing) {
    throw new DactylError(
      'E_ARGUMENT',
      `layers[${mixing.index}]: expected, with privacy, layers whose gradients are known for every image on its own, such as Dense; received ${mixing.type}. Leave it out, or train without privacy.`,
    );
  }
  const checked = { ...recipe, layers };
  for (const field of DENSE_FIELDS) delete checked[field];
  return checked;
}

/** Throws E_ARGUMENT for an arm whose own layers do not fit the images. */
export function requireNetworks(arms: Study['arms'], form: Form): void {
  for (const { name, recipe } of arms) {
    const { layers } = recipe;
    if (layers) {
      ofArm(name, () => {
        requireLayers(layers, form);
      });
    }
  }
}

/** Why layers and what describes the usual dense network do not go together. */
export function besideLayers(fields: readonly string[]): string {
  return `expected layers or ${fields.join(', ')}, received both: layers say the whole network. Leave one out`;
}

function ofArm<T>(arm: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DactylError)) throw error;
    throw new DactylError(error.code, `${arm}: ${error.message}`, { cause: error });
  }
}

function refuseTwins(arms: Study['arms']): void {
  const byRecipe = new Map<string, string>();
  for (const { name, recipe } of arms) {
    const text = canonicalJson(recipe);
    const twin = byRecipe.get(text);
    if (twin !== undefined) {
      throw new DactylError(
        'E_ARGUMENT',
        `The arms ${twin} and ${name} are the same; expected arms that differ. Remove one, or say what it does otherwise.`,
      );
    }
    byRecipe.set(text, name);
  }
}

/**
 * The identity of what its author fixed before the runs: question, arms, split, claims, the rules that the file states and how it stops. Not
 * of how many seeds, and not of what is Dactyl's own: defaults of rules and the measures behind them, which have a version (`JUDGEMENT_VERSION`).
 */
export function studyHash(study: Study): string {
  requireFields('studyHash: study', ['question', 'arms'], study);
  const { question, arms, split, claims, stopping } = study;
  const fixed = {
    question,
    arms,
    split,
    rules: ownRulesOf(study),
    ...(claims && { claims }),
    ...(stopping && { stopping }),
  };
  return sha256Hex(new TextEncoder().encode(canonicalJson(fixed)));
}

import { type Static, Type } from 'typebox';
import { recipeContrast } from '../paper.ts';
import { PAPER_RECIPE, Recipe } from '../recipe.ts';

const Trial = Type.Object({
  key: Type.String(),
  configuration: Type.Union([Type.Integer(), Type.Null()]),
  recipe: Recipe,
  history: Type.Union([Type.Object({ val_accuracy: Type.Array(Type.Number()) }), Type.Null()]),
});

/** What is read of the results of a finished search. */
export const SearchResults = Type.Object({
  format: Type.Literal('dactyl-tuning-results/1'),
  tuning: Type.Object({ name: Type.String() }),
  tuningHash: Type.String(),
  arms: Type.Array(
    Type.Object({
      arm: Type.String(),
      trials: Type.Array(Trial),
      best: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
});
type SearchResults = Static<typeof SearchResults>;

/** What a search came to; accuracies are on training images kept out, never on test images. */
export interface TuningEvidence {
  readonly search: string;
  readonly hash: string;
  readonly arms: readonly {
    readonly arm: string;
    /** Settings tried, beside the recipe as it stands. */
    readonly configurations: number;
    readonly epochs: number;
    readonly best: {
      readonly accuracy: number;
      readonly epochs: number;
      readonly words: readonly string[];
    } | null;
    /** The recipe as it stands, at its last epoch. */
    readonly plain: { readonly accuracy: number; readonly epochs: number } | null;
  }[];
}

export function tuningEvidence({ tuning, tuningHash, arms }: SearchResults): TuningEvidence {
  return {
    search: tuning.name,
    hash: tuningHash,
    arms: arms.map(({ arm, trials, best }) => {
      const numbers = trials.flatMap(({ configuration }) => (configuration === null ? [] : [configuration]));
      const won = trials.find(({ key }) => key === best);
      const plain = trials.find(({ configuration }) => configuration === null);
      const end = won && endOf(won);
      return {
        arm,
        configurations: new Set(numbers).size,
        epochs: trials.reduce((sum, { history }) => sum + (history?.val_accuracy.length ?? 0), 0),
        best: won && end ? { ...end, words: recipeContrast(won.recipe, PAPER_RECIPE, ['activation']) } : null,
        plain: (plain && endOf(plain)) ?? null,
      };
    }),
  };
}

function endOf({ history }: Static<typeof Trial>): { accuracy: number; epochs: number } | null {
  const curve = history?.val_accuracy ?? [];
  return curve.length === 0 ? null : { accuracy: curve[curve.length - 1], epochs: curve.length };
}

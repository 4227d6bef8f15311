import type { TuningObserver } from '../queue/tune.ts';
import type { TrialEnd } from '../study/runStudy.ts';
import type { Tuning } from '../study/tuning/configuration.ts';
import { budgetOf } from '../study/tuning/halving.ts';
import { scoreOf, type TuningTrial } from '../study/tuning/searchedTrial.ts';
import { activationName, countOf, listOf } from '../study/wording.ts';
import { Progress } from './progress.ts';
import { wrapped } from './terminal.ts';

/** Shows on the terminal how a search goes. */
export class SearchProgress implements TuningObserver {
  readonly #tuning: Tuning;
  readonly #say: (line?: string) => void;
  readonly #bar: Progress;
  readonly #planned: number;
  readonly #best = new Map<string, number>();
  #ended = 0;

  constructor(tuning: Tuning, say: (line?: string) => void, live: boolean) {
    this.#tuning = tuning;
    this.#say = say;
    const { trials, epochs } = budgetOf(tuning);
    this.#planned = trials * tuning.arms.length;
    this.#bar = new Progress(epochs * tuning.arms.length, live);
  }

  begin(): void {
    this.#bar.begin(this.#label());
  }

  end(): void {
    this.#bar.end();
  }

  standing(): string {
    return `${this.#ended} of ${this.#planned} trials have ended and`;
  }

  onEpoch(): void {
    this.#bar.advance(this.#label());
  }

  onEnded(trial: TuningTrial, end: TrialEnd, reused: boolean): void {
    this.#ended++;
    const { arm, configurationNumber: number, configuration } = trial;
    const { epochs } = configuration.recipe;
    if (reused) this.#bar.skip(epochs);
    const name = `${activationName(arm)} ${number === null ? 'as it stands' : `#${number + 1}`}, ${countOf(epochs, 'epoch')}`;
    let line = '';
    if (end.kind === 'failed') line = `Failed: ${name}: ${end.message}`;
    else {
      const { accuracy, loss } = scoreOf(end.result);
      this.#best.set(arm, Math.max(accuracy, this.#best.get(arm) ?? 0));
      line = `${name}: validation accuracy ${accuracy.toFixed(4)}, loss ${loss.toFixed(4)}`;
    }
    this.#bar.interrupt(() => {
      this.#say(
        `${line}  (${reused ? 'kept from an earlier run' : end.kind === 'failed' ? 'failed' : `${end.result.seconds.toFixed(1)} s`}; ${this.#ended} of ${this.#planned})`,
      );
    });
  }

  onPromoted(arm: string, rung: number, configurations: readonly number[]): void {
    const names = configurations.map((number) => `#${number + 1}`);
    this.#bar.interrupt(() => {
      this.#say(
        wrapped(
          `${activationName(arm)}: ${names.length === 0 ? 'none goes' : `${listOf(names)} ${names.length === 1 ? 'goes' : 'go'}`} on to ${countOf(this.#tuning.rungs[rung], 'epoch')}`,
        ),
      );
    });
  }

  #label(): string {
    const best = [...this.#best].map(
      ([arm, accuracy]) => `${activationName(arm)} ${(100 * accuracy).toFixed(2)} %`,
    );
    return [`${this.#ended}/${this.#planned} trials`, ...best].join('  ');
  }
}

import type { EvaluationObserver } from '../queue/evaluation/evaluate.ts';
import { formatSeconds, Progress } from './progress.ts';
import { print } from './terminal.ts';

/** Steps of the bar for each rough second of work. */
const STEPS = 10;

/** Shows on the terminal how an evaluation goes: a live line, and one for each part that ended. */
export class EvaluationProgress implements EvaluationObserver {
  readonly #shown: boolean;
  #progress: Progress;
  #seconds = 0;
  #steps = 0;

  constructor(shown: boolean) {
    this.#shown = shown;
    this.#progress = new Progress(0, false);
  }

  onPlanned(seconds: number): void {
    this.#progress = new Progress(Math.ceil(STEPS * seconds), this.#shown);
    this.#progress.begin('');
  }

  onProgress(seconds: number, title: string): void {
    this.#seconds += seconds;
    for (; this.#steps < Math.floor(STEPS * this.#seconds); this.#steps++) this.#progress.advance(title);
  }

  onEnded(title: string, seconds: number, kept: boolean): void {
    if (!this.#shown) return;
    this.#progress.interrupt(() => {
      print(`${title}: ${kept ? 'kept from an earlier evaluation' : formatSeconds(seconds)}`);
    });
  }

  end(): void {
    this.#progress.end();
  }
}

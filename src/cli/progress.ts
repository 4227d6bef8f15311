import { clearLine, cursorTo } from 'node:readline';
import { printable } from '../util/printable.ts';

const BAR = 24;
const REDRAW_MS = 100;

/** One live line on the terminal's standard error; silent where that is not a terminal. */
export class Progress {
  #total: number;
  readonly #live: boolean;
  readonly #start = performance.now();
  #done = 0;
  #label = '';
  #drawn = 0;

  /** `total`: steps of equal length, such as epochs. */
  constructor(total: number, enabled: boolean) {
    this.#total = total;
    this.#live = enabled && process.stderr.isTTY && process.env.TERM !== 'dumb' && total > 0;
  }

  /** Shows the line before anything is done. */
  begin(label: string): void {
    this.#label = label;
    this.#draw();
  }

  /** Takes steps that need no time out of the account. */
  skip(steps: number): void {
    this.#total -= steps;
  }

  advance(label: string): void {
    this.#done++;
    this.#label = label;
    if (performance.now() - this.#drawn > REDRAW_MS) this.#draw();
  }

  /** Runs `print` with the line out of the way. */
  interrupt(print: () => void): void {
    this.#erase();
    print();
    this.#draw();
  }

  end(): void {
    this.#erase();
  }

  #erase(): void {
    if (!this.#live || this.#drawn === 0) return;
    clearLine(process.stderr, 0);
    cursorTo(process.stderr, 0);
  }

  #draw(): void {
    if (!this.#live || this.#done >= this.#total) return;
    this.#erase();
    this.#drawn = performance.now();
    const share = this.#done / this.#total;
    const bar = '━'.repeat(Math.round(share * BAR)).padEnd(BAR, '╌');
    const text = ` ${bar} ${(100 * share).toFixed(0).padStart(3)} %  ${this.#timeLeft(share)}  ${this.#label}`;
    process.stderr.write(printable(text).slice(0, (process.stderr.columns || 80) - 1));
  }

  #timeLeft(share: number): string {
    if (this.#done < 2) return 'estimating …';
    const seconds = ((performance.now() - this.#start) / 1000) * (1 / share - 1);
    return `${formatSeconds(seconds)} left`;
  }
}

/** `42 s`, `3 min 05 s`, `1 h 20 min`. */
export function formatSeconds(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { packageVersion } from '../src/store/environment.ts';

/** One contestant's time for a case. */
export interface Measured {
  readonly case: string;
  readonly contestant: string;
  /** Median of the epochs, and each of them. */
  readonly median: number;
  readonly seconds: readonly number[];
  /** To our own in its usual form. */
  readonly ratio: number;
  /** On the test images, where it was asked for. */
  readonly accuracy?: number;
  /** Seconds of compiling in its first run, of the whole job. */
  readonly compile?: number;
}

/** What was measured where: tables for build/, which is no part of the repository, for times are facts of a machine and a day. */
export class Record {
  readonly #rows: Measured[] = [];
  readonly #facts: { readonly [name: string]: string | number } = {
    machine: `${cpus()[0].model.trim()}, ${cpus().length} cores`,
    dactyl: packageVersion(),
    node: process.versions.node,
    v8: process.versions.v8,
    date: new Date().toISOString().slice(0, 10),
    command: `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim(),
  };
  #limit: number | undefined;

  add(row: Measured): void {
    this.#rows.push(row);
  }

  /** Seconds an epoch of the paper's network would take at the peak of plain SIMD128. */
  limit(seconds: number): void {
    this.#limit = seconds;
  }

  /** Writes build/bench.json and build/bench.md; says where. Nothing where nothing was measured. */
  write(): string | undefined {
    if (this.#rows.length === 0) return undefined;
    mkdirSync('build', { recursive: true });
    const limit = this.#limit === undefined ? {} : { limitOfPlainSimd128: this.#limit };
    const text = JSON.stringify({ ...this.#facts, ...limit, rows: this.#rows }, null, 2);
    writeFileSync('build/bench.json', `${text}\n`);
    writeFileSync('build/bench.md', this.#markdown());
    return 'build/bench.json and build/bench.md';
  }

  #markdown(): string {
    const lines = Object.entries(this.#facts).map(([name, value]) => `- ${name}: ${value}`);
    if (this.#limit !== undefined)
      lines.push(`- limit of plain SIMD128: ${this.#limit.toFixed(3)} s an epoch of the paper's network`);
    const rows = this.#rows.map(
      ({ case: what, contestant, median, ratio, accuracy }) =>
        `| ${what} | ${contestant} | ${median.toFixed(3)} | ${ratio.toFixed(2)} | ${accuracy?.toFixed(4) ?? ''} |`,
    );
    const head = [
      '| case | contestant | s an epoch | times ours | test accuracy |',
      '| --- | --- | --- | --- | --- |',
    ];
    return [...lines, '', ...head, ...rows, ''].join('\n');
  }
}

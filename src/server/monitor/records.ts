import { type DriftObservations, STATISTICS } from '../../analysis/drift/observations.ts';
import type { Database, Statement } from '../store/database.ts';
import type { Episode } from './episode.ts';
import type { Point } from './point.ts';

/** What stays over a restart. */
export interface KeptState {
  readonly episode: Episode | null;
  /** Answers that were reviewed. */
  readonly labels: { readonly count: number; readonly confidence: number; readonly right: number };
  /** Answers that were labelled by whom they were about; absent in states of before there were such. */
  readonly corrections?: Corrections;
}

/** Of answers that people labelled themselves, how many were right and wrong by that. People label what they see to be wrong, so no share of all answers follows. */
export interface Corrections {
  readonly right: number;
  readonly wrong: number;
}

/** What one instance keeps of a model, `name/version`. */
export class Records {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  pointAdded(model: string, point: Point): Statement {
    return {
      sql: `INSERT INTO monitor_points (chain, model, at, point) VALUES (?, ?, ?, ?) ON CONFLICT (chain, model, at) DO UPDATE SET point = excluded.point`,
      values: [this.#database.chain, model, point.at, JSON.stringify(point)],
    };
  }

  stateSet(model: string, state: KeptState): Statement {
    return {
      sql: `INSERT INTO monitor_states (chain, model, state) VALUES (?, ?, ?) ON CONFLICT (chain, model) DO UPDATE SET state = excluded.state`,
      values: [this.#database.chain, model, JSON.stringify(state)],
    };
  }

  referenceSet(model: string, at: number, { statistics, answers }: DriftObservations): Statement {
    return {
      sql: `INSERT INTO monitor_references (chain, model, at, statistics, answers) VALUES (?, ?, ?, ?, ?) ON CONFLICT (chain, model) DO NOTHING`,
      values: [this.#database.chain, model, at, bytesOf(statistics), bytesOf(answers)],
    };
  }

  /** The newest, oldest first. */
  async points(model: string, most: number): Promise<Point[]> {
    const rows = await this.#database.query(
      `SELECT point FROM monitor_points WHERE chain = ? AND model = ? ORDER BY at DESC LIMIT ?`,
      [this.#database.chain, model, most],
    );
    return rows.map(({ point }) => JSON.parse(String(point)) as Point).reverse();
  }

  async state(model: string): Promise<KeptState | undefined> {
    const [row] = await this.#database.query(
      `SELECT state FROM monitor_states WHERE chain = ? AND model = ?`,
      [this.#database.chain, model],
    );
    return row === undefined ? undefined : (JSON.parse(String(row.state)) as KeptState);
  }

  /** Undefined, too, where another version measured something else. */
  async reference(model: string): Promise<{ at: number; observations: DriftObservations } | undefined> {
    const [row] = await this.#database.query(
      `SELECT at, statistics, answers FROM monitor_references WHERE chain = ? AND model = ?`,
      [this.#database.chain, model],
    );
    if (row === undefined) return undefined;
    const statistics = new Float64Array(new Uint8Array(row.statistics as Uint8Array).buffer);
    const answers = new Uint16Array(new Uint8Array(row.answers as Uint8Array).buffer);
    if (statistics.length !== answers.length * STATISTICS.length) return undefined;
    return { at: Number(row.at), observations: { statistics, answers } };
  }

  forgotten(before: number): Statement {
    return { sql: `DELETE FROM monitor_points WHERE at < ?`, values: [before] };
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

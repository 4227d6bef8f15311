import {
  type EstimateError,
  estimateError,
  estimatedAccuracy,
} from '../../analysis/drift/estimatedAccuracy.ts';
import { mean } from '../../stats/describe.ts';
import type { DriftObservations } from '../../analysis/drift/observations.ts';
import { endingWindows, judgeSteps, Observed } from '../../analysis/drift/observed.ts';
import { type DriftProfile, profileSteps } from '../../analysis/drift/profile.ts';
import { DRIFT_RULE } from '../../analysis/drift/rule.ts';
import { inSteps } from '../../util/steps.ts';
import { type Episode, nextEpisode } from './episode.ts';
import type { HeldOutReference } from './heldOutReference.ts';
import { type Point, pointOf } from './point.ts';
import type { Corrections, KeptState, Records } from './records.ts';

/** Images of its own traffic that make the reference of a model without held-out ones. */
const OWN = DRIFT_RULE.windows[1];
/** Points that are kept in memory. */
const SHOWN = 200;

export type Reference =
  | {
      readonly kind: 'held-out';
      readonly on: string;
      readonly images: number;
      /** Of these images; and as it would be estimated without their labels. */
      readonly accuracy: number;
      readonly estimated: number;
    }
  | { readonly kind: 'own'; readonly since: number; readonly images: number }
  | { readonly kind: 'none'; readonly needed: number };

/** What the page and the metrics show of a model. */
export interface ModelState {
  readonly name: string;
  readonly version: string;
  readonly reference: Reference;
  /** Images that were looked at since the start, and those of the window that is open. */
  readonly seen: number;
  readonly waiting: number;
  readonly episode: Episode | null;
  /** The estimate held to labels that came; null where none did. */
  readonly estimateError: EstimateError | null;
  readonly corrections: Corrections;
  /** Oldest first. */
  readonly points: readonly Point[];
}

export interface EpisodeChange {
  readonly change: 'started' | 'resolved';
  readonly episode: Episode;
}

interface Watching {
  readonly model: { readonly name: string; readonly version: string; readonly classes: readonly string[] };
  readonly heldOut: HeldOutReference | undefined;
  readonly records: Records;
  readonly now: () => number;
  /** Told of every window that was judged, and of the episode that began or ended with it. */
  readonly judged: (watched: Watched, point: Point, change?: EpisodeChange) => Promise<void>;
  /** Told of a reference of its own. */
  readonly adopted: (watched: Watched, reference: DriftObservations, at: number) => Promise<void>;
  /** Told of every label that is counted. */
  readonly labelled: (watched: Watched) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** One model's windows, reference and episode. */
export class Watched {
  readonly #with: Watching;
  readonly #points: Point[] = [];
  readonly #observed = new Observed();
  #seen = 0;
  #profile: DriftProfile | undefined;
  #reference: Reference = { kind: 'none', needed: OWN };
  #episode: Episode | null = null;
  #labels: KeptState['labels'] = { count: 0, confidence: 0, right: 0 };
  #corrections: Corrections = { right: 0, wrong: 0 };
  /** One after the other, in the order in which windows were closed; first what an earlier run has left. */
  #busy: Promise<void>;

  constructor(watching: Watching) {
    this.#with = watching;
    this.#busy = this.#restore().catch(watching.failed);
  }

  get key(): string {
    const { name, version } = this.#with.model;
    return `${name}/${version}`;
  }

  get kept(): KeptState {
    return { episode: this.#episode, labels: this.#labels, corrections: this.#corrections };
  }

  get lastPoint(): Point | undefined {
    return this.#points.at(-1);
  }

  add(observations: DriftObservations): void {
    for (let row = 0; row < observations.answers.length; row++) {
      this.#seen++;
      if (this.#observed.add(observations, row)) this.#close();
    }
  }

  label(confidence: number, right: boolean): void {
    this.#note(() => {
      const { count, confidence: sum, right: before } = this.#labels;
      this.#labels = { count: count + 1, confidence: sum + confidence, right: before + Number(right) };
    });
  }

  /** `before`: whether it was right by the label that this one replaces. */
  correct(right: boolean, before: boolean | undefined): void {
    this.#note(() => {
      const counts = { ...this.#corrections };
      // One that another instance has counted is not taken away here.
      if (before !== undefined) counts[wordOf(before)] = Math.max(0, counts[wordOf(before)] - 1);
      counts[wordOf(right)]++;
      this.#corrections = counts;
    });
  }

  state(): ModelState {
    const { name, version } = this.#with.model;
    return {
      ...{ name, version, reference: this.#reference, seen: this.#seen, waiting: this.#observed.waiting },
      episode: this.#episode,
      estimateError: this.#labels.count === 0 ? null : estimateError(this.#labels),
      corrections: this.#corrections,
      points: this.#points,
    };
  }

  /** When all windows that were closed are judged. */
  settled(): Promise<void> {
    return this.#busy;
  }

  #note(change: () => void): void {
    const { labelled, failed } = this.#with;
    this.#busy = this.#busy
      .then(() => {
        change();
        return labelled(this);
      })
      .catch(failed);
  }

  #close(): void {
    const { now, failed } = this.#with;
    const at = now();
    const ending = endingWindows(this.#observed);
    const own = this.#observed.newest(OWN);
    this.#busy = this.#busy
      .then(() => {
        if (this.#profile !== undefined) return this.#judge(ending, this.#profile, at);
        return own.answers.length === OWN ? this.#adopt(own, at) : undefined;
      })
      .catch(failed);
  }

  async #judge(ending: readonly DriftObservations[], profile: DriftProfile, at: number): Promise<void> {
    const closed = await inSteps(judgeSteps(ending, profile), othersTurn);
    const point = pointOf(closed, at, estimatedAccuracy(ending.at(-1)!));
    this.#points.push(point);
    if (this.#points.length > SHOWN) this.#points.shift();
    const { episode, change } = nextEpisode(this.#episode, closed.alarm, at);
    const changed = change && { change, episode: (episode ?? this.#episode)! };
    this.#episode = episode;
    await this.#with.judged(this, point, changed);
  }

  /** Its own first images are the reference, and what follows is held to them. */
  async #adopt(observations: DriftObservations, at: number): Promise<void> {
    this.#profile = await inSteps(profileSteps(observations, this.#with.model.classes.length), othersTurn);
    this.#reference = { kind: 'own', since: at, images: observations.answers.length };
    await this.#with.adopted(this, observations, at);
  }

  async #restore(): Promise<void> {
    const { heldOut, records, model } = this.#with;
    await othersTurn();
    if (heldOut !== undefined) {
      const { observations, right, on } = heldOut;
      this.#profile = await inSteps(profileSteps(observations, model.classes.length), othersTurn);
      this.#reference = {
        ...{ kind: 'held-out', on, images: right.length, accuracy: mean(right) },
        estimated: estimatedAccuracy(observations).estimate,
      };
    } else {
      const kept = await records.reference(this.key);
      if (kept !== undefined) {
        this.#profile = await inSteps(profileSteps(kept.observations, model.classes.length), othersTurn);
        this.#reference = { kind: 'own', since: kept.at, images: kept.observations.answers.length };
      }
    }
    const state = await records.state(this.key);
    if (state !== undefined) {
      this.#episode = state.episode;
      this.#labels = state.labels;
      this.#corrections = state.corrections ?? this.#corrections;
    }
    this.#points.unshift(...(await records.points(this.key, SHOWN)));
  }
}

function wordOf(right: boolean): keyof Corrections {
  return right ? 'right' : 'wrong';
}

/** Requests are answered between the steps. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { extname } from 'node:path';
import { Piscina } from 'piscina';
import { type PartName, PART_NAMES, PARTS } from '../../analysis/evaluation/parts.ts';
import { type EvaluationData, nameOf } from '../../analysis/subject.ts';
import { inputDoubts } from '../../report/evaluation/inputDoubts.ts';
import { UNIPEN_DIGITS } from '../../data/unipen/drawnDigits.ts';
import type { DataSet } from '../../data/dataSet.ts';
import { dataIdentity, isMnist } from '../../data/identity.ts';
import { ensureWritableFolder } from '../../store/atomic.ts';
import { PartCache, type KeptResult } from '../../store/partCache.ts';
import { describeEnvironment } from '../../store/environment.ts';
import { sha256 } from '../../store/sha256.ts';
import { untouchedFiles, untouchedSum } from '../../store/untouched.ts';
import { type Evaluation, type PartRecord, setRecord } from '../../study/evaluation/record.ts';
import { CONVOLUTION_NUMERICS } from '../../engine/ops/numerics.ts';
import { NUMERICS_VERSION } from '../../study/numerics.ts';
import type { TrialConfiguration } from '../../study/trialConfiguration.ts';
import { DactylError } from '../../util/errors.ts';
import { unmetNeed } from '../../analysis/evaluation/needs.ts';
import { type Job, jobsOf } from './jobs.ts';
import { relatedEvidence } from './related.ts';
import { foldsOf, hasFolds, outOfFold } from './outOfFold.ts';
import type { Target, TargetNetwork } from './target.ts';
import { threadError } from '../threadError.ts';
import { runPart } from './runPart.ts';
import type { PartWorkerData } from './task.ts';

const NOT_AT_HAND =
  'the 50,000 test images that MNIST never published are not at hand; dactyl data fetch qmnist-test50k brings them';

export interface EvaluateOptions {
  /** What the networks were trained for. */
  readonly source: DataSet;
  /** Test images instead of the data set's. */
  readonly own: Pick<EvaluationData, 'test'> | null;
  /** What was read, with checksums. */
  readonly files: Evaluation['data']['files'];
  /** Writer of each of MNIST's test images, and the checksum of the file. */
  readonly writers: { readonly of: Uint16Array; readonly sha256: string } | null;
  readonly quick: boolean;
  /** Only these parts are computed; the others are taken where they are kept. */
  readonly only: readonly PartName[] | null;
  readonly workers: number;
  readonly command: string;
  readonly costs: Evaluation['costs'];
  readonly watts: number | null;
  /** Where parts and further trainings are kept; beside the target by default. */
  readonly root?: string;
  readonly signal?: AbortSignal;
  readonly observer?: EvaluationObserver;
  readonly warn: (line: string) => void;
}

/** Sees how an evaluation goes. */
export interface EvaluationObserver {
  /** The work, in rough seconds of one core; told once, before it begins. */
  onPlanned?(seconds: number): void;
  /** So many of these seconds are done, of this part. */
  onProgress?(seconds: number, title: string): void;
  onEnded?(title: string, seconds: number, kept: boolean): void;
}

/**
 * Everything measured of a target, or taken from where it is kept. Throws E_FILE where results cannot be kept, E_ABORTED on the signal; what was done by then
 * is kept. E_NUMERIC for a network whose answers are not finite.
 */
export async function evaluateTarget(target: Target, options: EvaluateOptions): Promise<Evaluation> {
  const { source, own, quick, workers, writers, files, only } = options;
  const root = options.root ?? target.root;
  const cache = new PartCache(root);
  ensureWritableFolder(cache.folder);
  const data = dataOf(source, own);
  const dataRecord: Evaluation['data'] = {
    trainImages: source.train.labels.length,
    testImages: data.test.labels.length,
    own: own !== null,
    writers: writers?.sha256 ?? null,
    files: [...files],
    ...(!isMnist(source.identity) && { set: setRecord(source) }),
  };
  const missing: { part: string; reason: string }[] = [];
  const jobs: Job[] = [];
  const untouched = untouchedFiles();
  const untouchedHash = untouched && untouchedSum(untouched);
  for (const part of PART_NAMES) {
    const planned =
      unmetNeed(PARTS[part].needs, { data, name: source.name, givenTest: own !== null }) ??
      (PARTS[part].untouched && untouched === undefined ? NOT_AT_HAND : null) ??
      (await jobsOf(part, target, { ...options, data: source }));
    if (typeof planned === 'string') missing.push({ part, reason: planned });
    else jobs.push(...planned);
  }
  jobs.sort((a, b) => b.seconds - a.seconds);
  const planned = jobs.reduce((sum, { seconds }) => sum + seconds, 0);
  options.observer?.onPlanned?.(planned);

  const dataSums = dataIdentity({ ...source, test: data.test }, sha256);
  const failure = new AbortController();
  const pool = new Piscina({
    filename: new URL(`./worker${extname(import.meta.url)}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: workers,
    idleTimeout: 60_000,
    workerData: { data, writers: writers?.of, untouched } satisfies PartWorkerData,
  });
  pool.on('error', (error) => {
    failure.abort(threadError(error));
  });
  const parts: PartRecord[] = [];
  let training: Promise<unknown> = Promise.resolve();
  const stop = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  try {
    const run = async (job: Job): Promise<void> => {
      try {
        const record = await runJob(job);
        if (typeof record === 'string') missing.push({ part: job.part, reason: record });
        else parts.push(record);
      } catch (error) {
        if (!stop.aborted) failure.abort(error);
        throw error;
      }
    };
    const isFirst = ({ part }: Job): boolean => PARTS[part].first === true;
    const settled = await Promise.allSettled(jobs.filter(isFirst).map(run));
    if (!stop.aborted) {
      inputDoubts({ parts, arms: [...target.arms], data: dataRecord }).forEach(({ seen, todo }) => {
        options.warn(`${seen} ${todo}`);
      });
      const others = jobs.filter((job) => !isFirst(job));
      settled.push(...(await Promise.allSettled(others.map(run))));
    }
    if (options.signal?.aborted) {
      throw new DactylError(
        'E_ABORTED',
        'Stopped. The parts that were done are kept; the same command goes on from there.',
        {
          cause: options.signal.reason,
        },
      );
    }
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed) throw failure.signal.aborted ? failure.signal.reason : failed.reason;
  } finally {
    await pool.destroy();
  }
  const order = (record: { part: string }): number => PART_NAMES.indexOf(record.part as PartName);
  return {
    format: 'dactyl-evaluation/1',
    target: target.identity,
    command: options.command,
    quick,
    environment: describeEnvironment(
      workers,
      target.networks.some(({ convolution }) => convolution),
    ),
    data: dataRecord,
    arms: [...target.arms],
    networks: target.networks.map(({ arm, activation, seed, hash, trial }) => ({
      arm,
      activation,
      seed,
      hash,
      trial,
    })),
    parts: parts.sort((a, b) => order(a) - order(b) || armOrder(target, a) - armOrder(target, b)),
    missing: missing.sort((a, b) => order(a) - order(b)),
    evidence: relatedEvidence(target.root, target.results, source.identity),
    costs: options.costs,
    watts: options.watts,
  };

  /** A record, or why there is none. */
  async function runJob(job: Job): Promise<PartRecord | string> {
    const { part, networks, seconds: rough } = job;
    const { title, version } = PARTS[part];
    const wanted = only === null || only.includes(part) || PARTS[part].first === true;
    const { configuration } = networks[0];
    const folds = PARTS[part].outOfFold
      ? foldsOf(configuration, { roots: [target.root, root], quick })
      : null;
    const keys = folds && 'keys' in folds ? folds.keys : null;
    const identity = {
      part,
      version,
      numerics: NUMERICS_VERSION,
      ...(networks.some(({ convolution }) => convolution) && { convolution: CONVOLUTION_NUMERICS }),
      networks: networks.map(nameOfNetwork),
      quick,
      data: dataSums,
      writers: writers?.sha256 ?? null,
      folds: keys,
      ...(PARTS[part].drawn && { drawn: UNIPEN_DIGITS.sha256 }),
      ...(PARTS[part].untouched && { untouched: untouchedHash }),
    };
    const key = PartCache.keyOf(identity);
    const record = ({ seconds, sha256, result }: KeptResult): PartRecord => {
      return { part, version, key, networks: networks.map(({ hash }) => hash), seconds, sha256, result };
    };
    const kept = readKept(cache, key, options.warn);
    if (kept) {
      options.observer?.onProgress?.(rough, title);
      options.observer?.onEnded?.(title, kept.seconds, true);
      return record(kept);
    }
    if (!wanted) {
      options.observer?.onProgress?.(rough, title);
      return 'left out with --only, and not kept from an earlier run';
    }
    const probabilities = keys && (await trainFolds(configuration!));
    let done = 0;
    const onProgress = (share: number): void => {
      options.observer?.onProgress?.(Math.max(0, share - done) * rough, title);
      done = Math.max(done, share);
    };
    const answer = await runPart(
      pool,
      {
        part,
        networks: networks.map(({ model, configuration: training, ...network }) => ({
          ...nameOf(network),
          model,
          training: training && { split: training.split, seed: training.seed },
        })),
        quick,
        ...(probabilities && { outOfFold: probabilities }),
      },
      { onProgress, signal: stop },
    );
    onProgress(1);
    if ('failure' in answer) {
      // Of a network that does not answer with numbers nothing can be measured; those of another study are left out.
      if (answer.failure.code === 'E_NUMERIC' && typeof PARTS[part].scope === 'string')
        throw new DactylError('E_NUMERIC', answer.failure.message);
      options.warn(`${title}: ${answer.failure.message}`);
      return answer.failure.message;
    }
    const written = cache.write(key, identity, answer.seconds, answer.json);
    options.observer?.onEnded?.(title, answer.seconds, false);
    return record(written);
  }

  /** One after the other: each uses every thread. */
  function trainFolds(configuration: TrialConfiguration): Promise<Float32Array | undefined> {
    const { warn } = options;
    const next = training.then(() =>
      outOfFold(configuration, source, {
        root: hasFolds(configuration, target.root) ? target.root : root,
        workers,
        signal: stop,
        warn,
      }),
    );
    training = next.catch(() => undefined);
    return next;
  }
}

/** The data set, or its training images with other test images, of which no more is known than what they show. */
function dataOf(source: DataSet, own: EvaluateOptions['own']): EvaluationData {
  const { train, classes, facts, strata } = source;
  if (own === null) return { train, test: source.test, classes, facts, ...(strata && { strata }) };
  return { train, test: own.test, classes, facts: facts.shows ? { shows: facts.shows } : {} };
}

function readKept(cache: PartCache, key: string, warn: (line: string) => void): KeptResult | undefined {
  try {
    return cache.read(key);
  } catch (error) {
    if (!(error instanceof DactylError)) throw error;
    warn(`A kept part is damaged and is computed again: ${error.message}`);
    return undefined;
  }
}

/** What a network is in a part's key: its trial decides all of it; a file has no more than itself. */
function nameOfNetwork({ trial, model, ...network }: TargetNetwork): unknown {
  return { ...nameOf(network), of: trial ?? sha256(model) };
}

function armOrder({ networks }: Target, record: PartRecord): number {
  return networks.findIndex(({ hash }) => hash === record.networks[0]);
}

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { alignPredictions } from '../analysis/alignPredictions.ts';
import { MOST_CHARACTERS, parsePredictions } from '../analysis/predictionTable.ts';
import type { JudgedFile } from '../report/judgement/page.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { packageVersion } from '../store/environment.ts';
import { fileError } from '../store/fileError.ts';
import { judgePredictions, type PredictionJudgement } from '../study/judgePredictions.ts';
import { DactylError } from '../util/errors.ts';
import { fileNameOf } from '../util/fileName.ts';
import { sha256Hex } from '../util/hash.ts';

export interface JudgeTask {
  readonly files: readonly string[];
  /** A share. */
  readonly rope: number;
  /** Where the page goes. */
  readonly out: string | null;
}

export interface JudgeAnswer {
  readonly files: readonly JudgedFile[];
  readonly judgement: PredictionJudgement;
}

/** Of the whole, what reading and bringing into line takes. */
const READING = 0.5;

/** Reads, judges and writes the page. Throws E_FILE, E_FORMAT, E_MISMATCH and E_ARGUMENT. */
export async function judgeFiles(
  { files, rope, out }: JudgeTask,
  onProgress: (share: number) => void,
): Promise<JudgeAnswer> {
  const hashes: string[] = [];
  const tables = files.map((file, k) => {
    const bytes = read(file);
    hashes.push(sha256Hex(bytes));
    const table = parsePredictions(decode(bytes, file), file);
    onProgress((READING * (k + 1)) / files.length);
    return table;
  });
  const aligned = alignPredictions(tables);
  const judgement = await judgePredictions(aligned, {
    rope,
    onProgress: (share) => {
      onProgress(READING + (1 - READING) * share);
    },
  });
  const judged = files.map((file, k): JudgedFile => ({
    file: fileNameOf(file),
    model: aligned.modelOf[k],
    sha256: hashes[k],
  }));
  if (out !== null) {
    // Loaded here, for they take longer than all the rest of the command.
    const [{ JSDOM }, { judgementPage }] = await Promise.all([
      import('jsdom'),
      import('../report/judgement/page.ts'),
    ]);
    const { document } = new JSDOM().window;
    writeFileAtomic(out, judgementPage(judgement, judged, { document, version: packageVersion() }));
  }
  return { files: judged, judgement };
}

/** A regular file or a pipe, up to `MOST_CHARACTERS` bytes, whatever its size is said to be. */
function read(file: string): Uint8Array {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw fileError(error, 'read', file);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() && !stats.isFIFO()) {
      throw new DactylError(
        'E_FILE',
        `${file}: expected a file of predictions, received ${stats.isDirectory() ? 'a folder' : 'a device'}.`,
      );
    }
    if (stats.size > MOST_CHARACTERS) throw tooLarge(file, String(stats.size));
    const parts: Uint8Array[] = [];
    let total = 0;
    for (;;) {
      const part = new Uint8Array(Math.max(2 ** 16, stats.size - total + 1));
      const count = readSync(descriptor, part, 0, part.length, null);
      if (count === 0) break;
      parts.push(part.subarray(0, count));
      total += count;
      if (total > MOST_CHARACTERS) throw tooLarge(file, 'more');
    }
    return parts.length === 1 ? parts[0] : new Uint8Array(Buffer.concat(parts, total));
  } catch (error) {
    if (error instanceof DactylError) throw error;
    throw fileError(error, 'read', file);
  } finally {
    closeSync(descriptor);
  }
}

function tooLarge(file: string, received: string): DactylError {
  return new DactylError(
    'E_FORMAT',
    `${file}: expected at most ${MOST_CHARACTERS} bytes, received ${received}. Write the predicted label instead of probabilities, or fewer digits.`,
  );
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DactylError('E_FORMAT', `${file}: expected text in UTF-8, received other bytes.`);
  }
}

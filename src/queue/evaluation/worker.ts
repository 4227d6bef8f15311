import { workerData } from 'piscina';
import type { Part, PartInput } from '../../analysis/evaluation/part.ts';
import { PARTS } from '../../analysis/evaluation/parts.ts';
import { nameOf, type Subject, type SubjectName, type Work } from '../../analysis/subject.ts';
import { loadUnipenDigits } from '../../store/unipen.ts';
import { loadUntouched } from '../../store/untouched.ts';
import { decodeModel } from '../../nn/saved.ts';
import { trainedRows } from '../../study/trialData.ts';
import { DactylError } from '../../util/errors.ts';
import type { PartAnswer, PartTask, PartWorkerData } from './task.ts';

const { data, writers, untouched } = workerData as PartWorkerData;

/** What a piscina worker does with a task: one part of an evaluation, its progress told through the port. */
export default async function runPart(task: PartTask): Promise<PartAnswer> {
  const { part, networks, quick, outOfFold, range, each, port } = task;
  const start = performance.now();
  const subjects: Subject[] = [];
  try {
    for (const network of networks) {
      subjects.push({ ...nameOf(network), model: decodeModel(network.model, network.arm) });
    }
    const trainedOn = ({ arm, seed }: SubjectName): Uint32Array => {
      const training = networks.find((network) => network.arm === arm && network.seed === seed)?.training;
      return trainedRows(training ?? { split: { kind: 'test' }, seed }, data);
    };
    const input: PartInput = {
      subjects,
      data,
      quick,
      trainedOn,
      ...(writers && { writers }),
      ...(outOfFold && { outOfFold }),
      ...(PARTS[part].drawn && { drawn: loadUnipenDigits() }),
      ...(PARTS[part].untouched && { untouched: await loadUntouched(untouched!) }),
    };
    const work: Work = {
      onProgress: (share) => {
        port.postMessage(share);
      },
    };
    const measured = PARTS[part] as Part<unknown, unknown>;
    const { shared } = measured;
    const seconds = (): number => (performance.now() - start) / 1000;
    if (shared && range) {
      const share = await shared.each(input, work, range);
      return { each: share, seconds: seconds() };
    }
    const result =
      shared && each ? await shared.conclude(input, work, each) : await measured.measure(input, work);
    return { json: JSON.stringify(result), seconds: seconds() };
  } catch (error) {
    // A class does not survive the way between threads.
    if (error instanceof DactylError) return { failure: { code: error.code, message: error.message } };
    throw error;
  } finally {
    for (const { model } of subjects) model.dispose();
    port.close();
  }
}

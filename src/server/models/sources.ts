import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { MNIST_IDENTITY } from '../../data/identity.ts';
import type { DataSet } from '../../data/dataSet.ts';
import { openTarget } from '../../queue/evaluation/target.ts';
import { modelIn } from '../../store/answerer.ts';
import { resolveData, resolveNamed, USUAL_DATA } from '../../store/data.ts';
import { readFile, readText } from '../../store/readFile.ts';
import { shippedReaderFile } from '../../store/reader.ts';
import { readStudy } from '../../store/studyRecord.ts';
import { aboutData, type DataAbout } from '../../study/dataAbout.ts';
import { grouped } from '../../study/wording.ts';
import { DactylError } from '../../util/errors.ts';
import type { HeldOut } from './calibrate.ts';
import { cardBeside, cardOfStudy } from './cardFile.ts';

/** A model that is to be served. */
export interface FoundModel {
  readonly name: string;
  /** What it was read from, for messages. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Images that it was not trained on; undefined where none are at hand. */
  readonly heldOut: HeldOut | undefined;
  /** Of the data that it is for, where more is known than lies beside the file. */
  readonly about?: DataAbout;
  /** Markdown; undefined where there is none. */
  readonly card?: string | undefined;
}

/** In URLs and tables of metrics. */
const NAME = /^[\w.-]{1,100}$/;
const NAMED = /^([\w.-]{1,100})=(.+)$/s;

/** The name of the reader that comes with Dactyl, where it is served. */
const SHIPPED = 'reader';

/**
 * What `dactyl serve` was given: files of models, folders that hold one, folders of studies (the first finished trial of each arm), each perhaps with NAME= before it; the shipped reader where there is
 * nothing. Throws E_FILE, E_FORMAT, E_NOT_FOUND, E_MISMATCH, and E_ARGUMENT for two models of one name.
 */
export async function findModels(
  given: readonly string[],
  warn: (line: string) => void,
): Promise<FoundModel[]> {
  const found: FoundModel[] = [];
  if (given.length === 0) found.push(await shipped());
  for (const one of given) found.push(...(await modelsOf(one, warn)));
  const names = found.map(({ name }) => name);
  const twice = found.find(({ name }, k) => names.indexOf(name) !== k);
  if (twice !== undefined) {
    throw new DactylError(
      'E_ARGUMENT',
      `${twice.file}: expected a name of its own, received ${twice.name}, which another model has. Give it one: NAME=${twice.file}`,
    );
  }
  return found;
}

async function shipped(): Promise<FoundModel> {
  const file = shippedReaderFile();
  return {
    name: SHIPPED,
    file,
    bytes: readFile(file),
    heldOut: testImages(await resolveData(USUAL_DATA)),
    card: cardBeside(file),
  };
}

async function modelsOf(given: string, warn: (line: string) => void): Promise<FoundModel[]> {
  const named = existsSync(given) ? null : NAMED.exec(given);
  const path = named?.[2] ?? given;
  const isStudy = existsSync(join(path, 'study.json')) && !existsSync(join(path, 'model.safetensors'));
  if (!isStudy) {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    const file = isFolder ? (modelIn(path) ?? noModel(path)) : path;
    const bytes = readFile(file);
    return [
      {
        name: named?.[1] ?? nameOf(file),
        file,
        bytes,
        heldOut: await heldOutOf(file, warn),
        card: cardBeside(file),
      },
    ];
  }
  const data = await resolveNamed(readStudy(path).study);
  const { networks } = await openTarget(path, { data });
  const arms = [...new Set(networks.map(({ arm }) => arm))];
  if (named !== null && arms.length > 1) {
    throw new DactylError(
      'E_ARGUMENT',
      `${given}: expected one model for a name, received a study with ${arms.length} arms, which are served under their own names. Leave ${named[1]}= out.`,
    );
  }
  return arms.map((arm) => {
    const { model, trial } = networks.find((network) => network.arm === arm)!;
    const name = named?.[1] ?? arm.replaceAll(/[^\w.-]/g, '-');
    return {
      name,
      file: `${path} (${trial!.slice(0, 12)})`,
      bytes: model,
      heldOut: testImages(data),
      about: aboutData(data),
      card: cardOfStudy(path),
    };
  });
}

/** Of a file that is named as all are, the folder's name. */
function nameOf(file: string): string {
  const own = basename(file).replace(/\.safetensors$/, '');
  const name = own === 'model' ? basename(dirname(resolve(file))) : own;
  if (NAME.test(name)) return name;
  const plain = name.replaceAll(/[^\w.-]+/g, '-').slice(0, 100);
  return NAME.test(plain) ? plain : 'model';
}

function noModel(folder: string): never {
  throw new DactylError(
    'E_NOT_FOUND',
    `${folder}: expected a model file, a folder that holds one (model.safetensors), or that of a study; received a folder with neither.`,
  );
}

/** The test images of what a model was trained on, as far as files beside it say so and they are at hand. */
async function heldOutOf(file: string, warn: (line: string) => void): Promise<HeldOut | undefined> {
  const folder = dirname(file);
  try {
    if (existsSync(join(folder, 'study.json'))) {
      const { study, data: identity } = readStudy(folder);
      const set = await resolveNamed(study);
      if (set.identity.join() === identity.join()) return testImages(set);
      warn(`${file}: its test images are not at hand: the data of its study have changed since`);
    } else if (existsSync(join(folder, 'record.json'))) {
      const record = JSON.parse(readText(join(folder, 'record.json'))) as {
        configuration?: { data?: readonly string[] };
      };
      const isMnist = MNIST_IDENTITY.every((sum, k) => record.configuration?.data?.[k] === sum);
      if (isMnist) return testImages(await resolveData(USUAL_DATA));
    }
  } catch (error) {
    warn(`${file}: its test images are not at hand: ${(error as Error).message}`);
    return undefined;
  }
  return undefined;
}

function testImages({ name, test, facts }: DataSet): HeldOut {
  return { name: `${grouped(test.labels.length)} test images of ${facts.testOf ?? name}`, examples: test };
}

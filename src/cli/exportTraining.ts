import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { unzipSync } from 'fflate';
import { makeFolder, writeFileAtomic } from '../store/atomic.ts';
import { CONSENTED_FILE, MANIFEST_FILE, readConsented } from '../store/consentedFolder.ts';
import { fileError } from '../store/fileError.ts';
import { consentedWords } from '../study/extraData.ts';
import { capitalised } from '../study/wording.ts';
import { DactylError } from '../util/errors.ts';
import { print } from './terminal.ts';

export interface ExportOptions {
  readonly out: string;
  readonly url: string;
  readonly model?: string;
}

/** Where the key of the scope `admin` stands: a list of processes shows what is on a command line. */
const KEY = 'DACTYL_API_KEY';

/** `dactyl serve export-training` */
export function exportTrainingCommand(): Command {
  return new Command('export-training')
    .description(
      'Fetch from a running server the images that people consented to have trained with, for dactyl train --extra.',
    )
    .requiredOption(
      '--out <folder>',
      'a new folder, or that of an earlier export: what was erased since goes',
    )
    .option('--url <address>', 'the admin listener of the server', 'http://127.0.0.1:8081')
    .option('--model <name>', 'whose images: of its size and classes (default: digits of 28 × 28)')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      `
Example:
  ${KEY}=dactyl_… dactyl serve export-training --out consented
  dactyl train --extra consented

The variable ${KEY} holds a key of the scope admin.`,
    );
}

/** Makes the folder the same as what the server gives now. Throws E_FILE, E_NOT_FOUND where no server answers, E_ARGUMENT where it refuses or the folder holds something else. */
export async function exportTraining({ out, url, model }: ExportOptions, signal: AbortSignal): Promise<void> {
  const address = trainingSetAt(url);
  refuseOther(out);
  if (model !== undefined) address.searchParams.set('model', model);
  const files = unzipSync(await fetched(address, signal));
  const manifest = files[MANIFEST_FILE];
  const images = Object.keys(files).filter((name) => CONSENTED_FILE.test(name));
  makeFolder(out);
  // What was erased goes first: nothing that follows may keep it.
  for (const name of readdirSync(out)) {
    if (CONSENTED_FILE.test(name) && !images.includes(name)) remove(join(out, name));
  }
  for (const name of images) writeFileAtomic(join(out, name), files[name]);
  writeFileAtomic(join(out, MANIFEST_FILE), manifest);
  const { examples, erased } = readConsented(out);
  print(
    examples
      ? `${capitalised(consentedWords(examples.about))} in ${out}: dactyl train --extra ${out}`
      : `No image may be trained with, so ${out} holds none.`,
  );
  if (erased.length > 0) print(`Erased since an earlier export, and removed: ${erased.join(', ')}`);
}

function refuseOther(out: string): void {
  if (!existsSync(out) || readdirSync(out).length === 0 || existsSync(join(out, MANIFEST_FILE))) return;
  throw new DactylError(
    'E_ARGUMENT',
    `--out ${out}: expected a new folder, or that of an earlier export; it holds something else. Choose another name.`,
  );
}

/** Throws E_ARGUMENT for what is no address of a server. */
export function trainingSetAt(url: string): URL {
  const address = URL.parse('/v1/training-set', url);
  const isHttp = address !== null && ['http:', 'https:'].includes(address.protocol);
  if (isHttp && address.username === '' && address.password === '') return address;
  const received = address !== null && isHttp ? `one of ${address.host} with them` : `'${url}'`;
  throw new DactylError(
    'E_ARGUMENT',
    `--url: expected the address of the admin listener, such as http://127.0.0.1:8081, without user and password; received ${received}.`,
  );
}

async function fetched(address: URL, signal: AbortSignal): Promise<Uint8Array> {
  const key = process.env[KEY];
  let answer: Response;
  try {
    answer = await fetch(address, {
      signal,
      ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
    });
  } catch (cause) {
    throw new DactylError(
      'E_NOT_FOUND',
      `No server answers at ${address.origin}. Expected the admin listener of dactyl serve, which is off unless its settings give it a port (admin.port).`,
      { cause },
    );
  }
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  const said = await answer.text();
  throw new DactylError('E_ARGUMENT', `${address.origin} answered ${answer.status}: ${reasonIn(said)}`);
}

function reasonIn(said: string): string {
  try {
    const { error } = JSON.parse(said) as { error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // Not the server's own answer.
  }
  return said.slice(0, 200);
}

function remove(path: string): void {
  try {
    rmSync(path);
  } catch (error) {
    throw fileError(error, 'remove', path);
  }
}

/** Dactyl in a process of its own, in a form that holds for a whole process or needs threads: node bench/own.ts FOLDER plain|wide|threads. The protocol is that of peers/peer.py. */
import { createInterface } from 'node:readline';
import { turnOnWide } from '../src/queue/wide.ts';
import { loadMnist } from '../src/store/mnist.ts';
import { dactyl } from './contestants.ts';
import type { Case } from './recipe.ts';

type Request = ({ readonly cmd: 'epoch' } & Case) | { readonly cmd: 'evaluate' | 'reset' };

const form = process.argv[3];
if (form === 'wide') turnOnWide();
const us = dactyl(loadMnist(), form === 'threads' ? 2 : 1);

async function answer(request: Request): Promise<object> {
  if (request.cmd === 'epoch') return { seconds: await us.epoch(request) };
  if (request.cmd === 'evaluate') return { accuracy: await us.testAccuracy() };
  await us.reset();
  return { reset: true };
}

const NAMES: { readonly [form: string]: string } = { wide: 'Dactyl, wide', threads: 'Dactyl, two threads' };
console.log(JSON.stringify({ ready: true, name: NAMES[form] ?? 'Dactyl' }));
for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line) as Request).catch((error: unknown) => ({
    error: String(error),
  }));
  console.log(JSON.stringify(reply));
}

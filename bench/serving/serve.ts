/** How fast `dactyl serve` is, beside a bare Fastify route that takes the same bodies, and MLServer with the same network where it is installed, in turns. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Dense, Flatten, Input, Rescaling } from '../../src/nn/layers.ts';
import { encodeModel } from '../../src/nn/saved.ts';
import { Sequential } from '../../src/nn/sequential.ts';
import { loadMnist } from '../../src/store/mnist.ts';
import { median } from '../recipe.ts';
import type { LoadResult, LoadTask } from './load.ts';
import { startMlServer } from './mlserver.ts';

const run = promisify(execFile);
const HERE = import.meta.dirname;
const MAIN = join(HERE, '../../src/cli/main.ts');
/** Linux counts a process' time in these. */
const TICKS_PER_SECOND = 100;

export interface Server {
  readonly child: ChildProcess;
  readonly port: number;
}

interface Body {
  readonly file: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Of a measurement: rate, latency and the server's own processor time for a request, which other work on the machine changes least. */
interface Measured extends LoadResult {
  readonly rate: number;
  readonly microseconds: number;
}

export interface ServingOptions {
  readonly seconds: number;
  readonly rounds: number;
  /** Requests after which, and after ten times as many, the memory is measured; 0: not at all. */
  readonly memoryAfter: number;
}

export async function measureServing({ seconds, rounds, memoryAfter }: ServingOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dactyl-bench-serve-'));
  const model = join(folder, 'paper.safetensors');
  const { bytes, weights } = paperNetwork();
  writeFileSync(model, bytes);
  const bodies = writeBodies(folder);
  const ours = await start([
    MAIN,
    'serve',
    `paper=${model}`,
    '--port',
    '0',
    '--data-dir',
    join(folder, 'data'),
  ]);
  const bare = await start([join(HERE, 'bare.ts'), '0']);
  try {
    const ask = (server: Server, body: Body, task: Partial<LoadTask>): Promise<Measured> =>
      load(server, {
        port: server.port,
        path: server === ours ? '/v2/models/paper/infer' : '/infer',
        headers: body.headers,
        body: body.file,
        connections: 128,
        seconds,
        ...task,
      });
    const inRounds = async <T>(measure: () => Promise<T>): Promise<T[]> => {
      const results: T[] = [];
      // The first round warms up.
      for (let round = 0; round <= rounds; round++) {
        const result = await measure();
        if (round > 0) results.push(result);
      }
      return results;
    };
    const pair = async (body: Body, task: Partial<LoadTask> = {}): Promise<[Measured, Measured]> => [
      await ask(ours, body, task),
      await ask(bare, body, task),
    ];
    // What this machine can do changes within seconds: each round's loads are shares of the rate of that round.
    const single = await inRounds(async () => {
      const both = await pair(bodies.single);
      const [{ rate }, { rate: bareRate }] = both;
      const calm = await ask(ours, bodies.single, { rate: 0.8 * rate });
      const calmBare = await ask(bare, bodies.single, { rate: 0.8 * bareRate });
      const flood = await ask(ours, bodies.single, { connections: 512, rate: 3 * rate });
      return { both, calm, calmBare, flood };
    });
    report(
      'one image, 784 numbers in JSON',
      single.map(({ both }) => both),
      1,
    );
    reportLoad(
      'at 80 % of capacity',
      single.map(({ calm }) => calm),
    );
    reportLoad(
      'the bare route at 80 % of its own',
      single.map(({ calmBare }) => calmBare),
    );
    reportLoad(
      'overload × 3',
      single.map(({ flood }) => flood),
    );
    const batches = await inRounds(() => pair(bodies.batch, { connections: 4 }));
    report('256 images, UINT8, binary', batches, 256);
    await besideMlServer(folder, { weights, rounds, ours }, (server) =>
      load(server, {
        port: server.port,
        path: '/v2/models/paper/infer',
        headers: bodies.single.headers,
        body: bodies.single.file,
        connections: 128,
        seconds,
      }),
    );
    if (memoryAfter > 0) await memory(ours, (task) => ask(ours, bodies.single, task), memoryAfter);
  } finally {
    for (const { child } of [ours, bare]) child.kill('SIGTERM');
    await Promise.all([ours, bare].map(({ child }) => new Promise((resolve) => child.once('exit', resolve))));
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(name: string, pairs: readonly [Measured, Measured][], images: number): void {
  const of = (which: 0 | 1, key: 'rate' | 'microseconds' | 'p99'): number =>
    median(pairs.map((pair) => pair[which][key]));
  const ratio = median(pairs.map(([a, b]) => a.rate / b.rate));
  console.log(
    `${name}: ${Math.round(of(0, 'rate') * images)} images/s, ${of(0, 'microseconds').toFixed(0)} µs of the server’s processors a request, p99 ${of(0, 'p99').toFixed(1)} ms; bare route ${Math.round(of(1, 'rate'))} requests/s, ${of(1, 'microseconds').toFixed(0)} µs; ours / bare ${ratio.toFixed(2)}, by processor time ${(of(1, 'microseconds') / of(0, 'microseconds')).toFixed(2)}`,
  );
}

function reportLoad(name: string, loads: readonly Measured[]): void {
  const of = (key: 'rate' | 'p50' | 'p99'): number => median(loads.map((load) => load[key]));
  const refused = median(loads.map(({ refused, seconds }) => refused / seconds));
  const all = loads.map(({ p99 }) => p99.toFixed(1)).join(', ');
  console.log(
    `${name}: accepted ${Math.round(of('rate'))}/s, p50 ${of('p50').toFixed(1)} ms, p99 ${of('p99').toFixed(1)} ms (${all}), refused ${Math.round(refused)}/s`,
  );
}

/** One image in JSON, in turns. */
async function besideMlServer(
  folder: string,
  { weights, rounds, ours }: { weights: Uint8Array; rounds: number; ours: Server },
  ask: (server: Server) => Promise<Measured>,
): Promise<void> {
  const peer = await startMlServer(folder, weights);
  if (peer === undefined) {
    console.log('MLServer is not installed (bench/serving/mlserver/requirements.txt)');
    return;
  }
  try {
    const pairs: [Measured, Measured][] = [];
    for (let round = 0; round <= rounds; round++) pairs.push([await ask(ours), await ask(peer)]);
    const rates = pairs.slice(1).map(([a, b]) => [a.rate, b.rate, a.rate / b.rate] as const);
    const of = (k: 0 | 1 | 2): number => median(rates.map((one) => one[k]));
    console.log(
      `MLServer: ${Math.round(of(1))} images/s, ours ${Math.round(of(0))}, ${of(2).toFixed(1)} times`,
    );
  } finally {
    peer.child.kill('SIGTERM');
    await new Promise((resolve) => peer.child.once('exit', resolve));
  }
}

/** From `first` requests to ten times as many. What is resident goes up and down with V8's collections, so all looks at it are told, and the lowest of both halves. */
async function memory(
  server: Server,
  ask: (task: Partial<LoadTask>) => Promise<Measured>,
  first: number,
): Promise<void> {
  const looks: { readonly sent: number; readonly megabytes: number }[] = [];
  for (let sent = 0; sent < 10 * first;) {
    sent += (await ask({ seconds: 5 })).answered;
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))!;
    if (sent >= first) looks.push({ sent, megabytes: Number(kilobytes) / 1024 });
  }
  const middle = (looks[0].sent + looks.at(-1)!.sent) / 2;
  const of = (which: (sent: number) => boolean): number[] =>
    looks.filter(({ sent }) => which(sent)).map(({ megabytes }) => megabytes);
  const [before, after] = [of((sent) => sent <= middle), of((sent) => sent >= middle)];
  const change = (a: number, b: number): string => `${((b / a - 1) * 100).toFixed(1)} %`;
  console.log(
    `resident memory after ${first} requests ${before[0].toFixed(0)} MiB, after ${10 * first} ${after.at(-1)!.toFixed(0)} MiB: ${change(before[0], after.at(-1)!)}; ` +
      `in ${looks.length} looks between them ${Math.min(...before, ...after).toFixed(0)} to ${Math.max(...before, ...after).toFixed(0)} MiB, ` +
      `the lowest of the first half ${Math.min(...before).toFixed(0)}, of the second ${Math.min(...after).toFixed(0)}: ${change(Math.min(...before), Math.min(...after))}`,
  );
}

async function load(server: Server, task: LoadTask): Promise<Measured> {
  const before = processorSeconds(server);
  const { stdout } = await run(process.execPath, [join(HERE, 'load.ts'), JSON.stringify(task)]);
  const result = JSON.parse(stdout) as LoadResult;
  const used = processorSeconds(server) - before;
  return {
    ...result,
    rate: result.ok / result.seconds,
    microseconds: (used / result.answered) * 1e6,
  };
}

function processorSeconds({ child }: Server): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Once it says where it listens. */
function start(args: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DACTYL_LOG_LEVEL: 'error' },
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const port = /http:\/\/[^:]+:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve({ child, port: Number(port) });
    });
    child.once('exit', (code) => {
      reject(new Error(`A server ended with ${code}.`));
    });
  });
}

/** 784-128-64-32-10, with weights as they were drawn: what it answers takes as long as after training. As a file, and its weights alone. */
function paperNetwork(): { bytes: Uint8Array; weights: Uint8Array } {
  const hidden = [128, 64, 32].map((units) => Dense(units, { activation: 'relu' }));
  using model = new Sequential([
    Input([28, 28]),
    Rescaling(1 / 255),
    Flatten(),
    ...hidden,
    Dense(10, { activation: 'softmax' }),
  ]);
  const weights = Buffer.concat(
    model
      .getWeights()
      .map(({ data: { buffer, byteOffset, byteLength } }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
  return { bytes: encodeModel(model), weights };
}

function writeBodies(folder: string): { single: Body; batch: Body } {
  const { data } = loadMnist().test.images;
  const put = (name: string, content: Uint8Array | string): string => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const one = {
    inputs: [{ name: 'image', shape: [1, 784], datatype: 'UINT8', data: [...data.subarray(0, 784)] }],
    outputs: [{ name: 'probabilities' }],
  };
  const header = JSON.stringify({
    inputs: [
      { name: 'image', shape: [256, 784], datatype: 'UINT8', parameters: { binary_data_size: 256 * 784 } },
    ],
    outputs: [{ name: 'probabilities', parameters: { binary_data: true } }],
  });
  return {
    single: {
      file: put('single.json', JSON.stringify(one)),
      headers: { 'content-type': 'application/json' },
    },
    batch: {
      file: put('batch.bin', Buffer.concat([Buffer.from(header), data.subarray(0, 256 * 784)])),
      headers: {
        'content-type': 'application/octet-stream',
        'inference-header-content-length': String(header.length),
      },
    },
  };
}

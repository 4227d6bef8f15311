/** MLServer with the paper's network (`mlserver/network.py`), where it is installed. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Server } from './serve.ts';

const HERE = join(import.meta.dirname, 'mlserver');
const PROGRAM = join(HERE, 'venv/bin/mlserver');
const START_MS = 60_000;

/**
 * In a folder below `folder`, computing in the process that answers (its processes of their own do not start with the packages of today: 'There is no current event loop'); undefined where it is not
 * installed. `weights`: float32, in the order of `getWeights`.
 */
export async function startMlServer(folder: string, weights: Uint8Array): Promise<Server | undefined> {
  if (!existsSync(PROGRAM)) return undefined;
  const own = join(folder, 'mlserver');
  mkdirSync(own);
  copyFileSync(join(HERE, 'network.py'), join(own, 'network.py'));
  writeFileSync(join(own, 'weights.bin'), weights);
  writeFileSync(
    join(own, 'model-settings.json'),
    JSON.stringify({ name: 'paper', implementation: 'network.Network' }),
  );
  const [port, grpc, metrics] = [await freePort(), await freePort(), await freePort()];
  const settings = {
    ...{ host: '127.0.0.1', http_port: port, grpc_port: grpc, metrics_port: metrics },
    ...{ parallel_workers: 0, debug: false },
  };
  writeFileSync(join(own, 'settings.json'), JSON.stringify(settings));
  const child = spawn(PROGRAM, ['start', own], {
    stdio: 'ignore',
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  const late = performance.now() + START_MS;
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${port}/v2/models/paper/ready`).catch(() => undefined);
    if (ready?.ok) return { child, port };
    if (child.exitCode !== null || performance.now() > late) {
      child.kill();
      throw new Error('MLServer did not start.');
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => {
        resolve(port);
      });
    });
  });
}

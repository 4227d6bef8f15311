import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { loadServerPart } from './serverPackages.ts';
import { print } from './terminal.ts';

/**
 * Of V8, from the version that knows it. Without it the memory of requests' bodies alone has it mark the whole heap again and again: batches of 256 images took twice the processor time.
 */
const BODIES_ARE_GARBAGE = { flag: '--external-memory-accounted-in-global-limit', since: [13, 6] } as const;

export interface ServeOptions {
  readonly port?: string;
  readonly host?: string;
  readonly dataDir?: string;
  readonly store?: string;
  readonly config?: string;
}

/** `dactyl serve [MODEL|STUDY]` */
export function serveCommand(): Command {
  return new Command('serve')
    .description(
      'Answer over HTTP: the Open Inference Protocol (v2) and pictures, with probabilities, conformal sets and an honest "not sure"; with consent, audit and monitoring.',
    )
    .argument(
      '[models...]',
      'model files, folders that hold one, folders of studies (a model for each arm); NAME=FILE names a model; by default the reader that comes with Dactyl',
    )
    .option('--port <number>', 'port that is listened on (8080); 0 takes one that is free')
    .option('--host <address>', 'address that is listened on (127.0.0.1: this machine only)')
    .option('--data-dir <folder>', 'what the server keeps: its database and keys (dactyl-data)')
    .option('--store <place>', 'sqlite, a file in the folder above (default), or postgres://…')
    .option('--config <file>', 'settings as JSON; every one of them may be a variable DACTYL_… as well')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      `
Examples:
  dactyl serve                                        the reader that comes with Dactyl, on http://127.0.0.1:8080
  dactyl serve --port 9000 --data-dir /var/lib/dactyl
  dactyl serve runs/train_mnist                       a model of your own
  dactyl serve runs/relu-vs-tanh                      a study: a model for each arm, named as the arm
  dactyl serve digits=a.safetensors shoes=b.safetensors
  dactyl serve --config dactyl.json
  curl -s http://127.0.0.1:8080/v2/models             the names of the models

SIGHUP has the files of models and certificates read anew, and serves with those that changed. SIGTERM and Ctrl-C end it once what was accepted is answered. Settings: docs/serving.md.`,
    );
}

/** Serves until `signal`; `grace` is told how many milliseconds an end may take. Throws E_PACKAGE where an optional peer is absent, E_ARGUMENT for wrong settings, E_FILE. */
export async function serve(
  models: readonly string[],
  { config: file, port, ...options }: ServeOptions,
  signal: AbortSignal,
  grace: (ms: number) => void,
): Promise<void> {
  const [major, minor] = process.versions.v8.split('.').map(Number);
  const [sinceMajor, sinceMinor] = BODIES_ARE_GARBAGE.since;
  if (major > sinceMajor || (major === sinceMajor && minor >= sinceMinor)) {
    setFlagsFromString(BODIES_ARE_GARBAGE.flag);
  }
  const { configFrom, startServer } = await loadServerPart(
    'dactyl serve',
    () => import('../server/serve.ts'),
  );
  const config = configFrom({
    ...(file !== undefined && { file }),
    environment: process.env,
    flags: {
      host: options.host,
      port: port === undefined || Number.isNaN(Number(port)) ? port : Number(port),
      dataDir: options.dataDir,
      store: options.store,
      ...(models.length > 0 && { models }),
    },
  });
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const started: { reload?: () => Promise<void> } = {};
  // Before it is ready there is nothing to read anew, and nothing to end for.
  process.on('SIGHUP', () => void started.reload?.());
  const server = await startServer(config);
  // What is cut after stopSeconds still has to be written down. A start that is ended has answered nothing.
  grace((config.stopSeconds + 5) * 1000);
  started.reload = () => server.reload();
  for (const { name, version } of server.services.models.list()) print(`${name} ${version}`);
  print(`Dactyl answers at ${server.url}`);
  if (!signal.aborted) await stopped;
  await server.stop();
}

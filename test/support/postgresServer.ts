import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

export interface PostgresServer {
  /** A database of its own. */
  readonly newDatabase: () => string;
  /** Ends it amid what it does, and starts it again with what it kept. */
  readonly halt: () => void;
  readonly resume: () => void;
  readonly stop: () => void;
}

/** Programs of the newest PostgreSQL that is installed, as Debian lays them. */
const programs = globSync('/usr/lib/postgresql/*/bin').sort().at(-1);

/** Why no server can be started here, or undefined. */
export function whyNoPostgres(): string | undefined {
  if (programs === undefined || !existsSync(join(programs, 'initdb')))
    return 'PostgreSQL is not installed (apt-get install postgresql)';
  if (userInfo().uid === 0 && spawnSync('id', ['postgres']).status !== 0)
    return 'PostgreSQL does not run as root, and there is no user postgres';
  return undefined;
}

/** In a temporary folder, on a port that is free; as the user postgres where this is root. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'dactyl-postgres-'));
  const asRoot = userInfo().uid === 0;
  if (asRoot) {
    const [uid, gid] = ['-u', '-g'].map((which) =>
      Number(spawnSync('id', [which, 'postgres'], { encoding: 'utf8' }).stdout),
    );
    chownSync(folder, uid, gid);
  }
  const run = (program: string, ...args: string[]): void => {
    const path = join(programs!, program);
    const [command, ...rest] = asRoot ? ['runuser', '-u', 'postgres', '--', path, ...args] : [path, ...args];
    const { status, stderr, stdout } = spawnSync(command, rest, { encoding: 'utf8', cwd: folder });
    if (status !== 0) throw new Error(`${program}: ${stdout}${stderr}`);
  };
  const data = join(folder, 'data');
  const port = await freePort();
  run('initdb', '-D', data, '-U', 'dactyl', '-A', 'trust', '-E', 'UTF8', '--no-locale');
  const control = (...args: string[]): void =>
    run(
      'pg_ctl',
      '-D',
      data,
      '-w',
      '-l',
      join(folder, 'log'),
      '-o',
      `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`,
      ...args,
    );
  control('start');
  let databases = 0;
  return {
    newDatabase() {
      const name = `store${++databases}`;
      run('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', 'dactyl', name);
      return `postgres://dactyl@127.0.0.1:${port}/${name}`;
    },
    halt: () => control('stop', '-m', 'immediate'),
    resume: () => control('start'),
    stop: () => {
      control('stop', '-m', 'immediate');
      rmSync(folder, { recursive: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

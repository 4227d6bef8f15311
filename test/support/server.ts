import { type ChildProcess, spawn } from 'node:child_process';
import { MAIN } from './dactyl.ts';

export interface ServerProcess {
  readonly child: ChildProcess;
  /** Such as 127.0.0.1:40123. */
  readonly place: string;
  /** Standard output and error so far. */
  said(): { readonly stdout: string; readonly stderr: string };
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** `dactyl serve` in a process of its own, once it says where it listens; on a port that is free, its store in memory unless `args` say otherwise. */
export function startServer(args: readonly string[]): Promise<ServerProcess> {
  const own = [MAIN, 'serve', '--port', '0', '--store', 'memory', ...args];
  const child = spawn(process.execPath, own, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 'unknown');
    });
  });
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const place = /http:\/\/(\S+)/.exec(stdout)?.[1];
      if (place !== undefined) resolve({ child, place, ended, said: () => ({ stdout, stderr }) });
    });
    void ended.then((exit) => {
      reject(new Error(`The server ended with ${exit}: ${stderr}`));
    });
  });
}

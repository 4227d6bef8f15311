#!/usr/bin/env node
import { Command } from 'commander';
import { packageVersion } from '../store/environment.ts';
import { DactylError } from '../util/errors.ts';
import { compare } from './compare.ts';
import { compareCommand, type CompareOptions } from './compareOptions.ts';
import { data, dataCommand } from './data.ts';
import { verify, verifyCommand } from './verify.ts';

const INTERRUPTED = 130;

if (process.argv.includes('--no-color')) process.env.NO_COLOR = '1';
// A reader that has seen enough (head, less) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    interruption.abort();
  });
}

const program = new Command('dactyl')
  .description('Trains, compares and evaluates classifiers of handwritten digits: the same bits on every machine.')
  .version(packageVersion())
  .showHelpAfterError('(--help shows what is possible)')
  .addCommand(
    compareCommand().action((options: CompareOptions, command: Command) => compare(options, command, interruption.signal)),
  )
  .addCommand(dataCommand().action(data))
  .addCommand(
    verifyCommand().action((run: string, trial: string | undefined) => verify(run, trial, interruption.signal)),
  );

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof DactylError)) throw error;
  process.stderr.write(`dactyl: ${error.message}\n`);
  process.exitCode = error.code === 'E_ABORTED' ? INTERRUPTED : 1;
}

#!/usr/bin/env node
import { Command } from 'commander';
import { packageVersion } from '../store/environment.ts';
import { DactylError } from '../util/errors.ts';
import { card, cardCommand, type CardOptions } from './card.ts';
import { compare } from './compare.ts';
import { compareCommand, type CompareOptions } from './compareOptions.ts';
import { data, dataCommand } from './data.ts';
import { dataWriters, dataWritersCommand, type DataWritersOptions } from './dataWriters.ts';
import { evaluate, evaluateCommand, type EvaluateCommandOptions } from './evaluate.ts';
import { judge, judgeCommand, type JudgeOptions } from './judge.ts';
import { studyCommand } from './study.ts';
import { warn } from './terminal.ts';
import { tune, tuneCommand, type TuneOptions } from './tune.ts';
import { verify, verifyCommand } from './verify.ts';

/** What a shell reports of a program that a signal ended: 128 and the signal's number. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 };

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (head, less) is no error.
  if (error.code === 'EPIPE') process.exit(0);
  warn(`Cannot write to standard output: ${error.message}.`);
  process.exit(1);
});

const interruption = new AbortController();
let interrupted = INTERRUPTED.SIGINT;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // A second signal ends the program at once.
  process.once(name, () => {
    interrupted = INTERRUPTED[name];
    interruption.abort();
  });
}

const program = new Command('dactyl')
  .enablePositionalOptions()
  .description(
    'Trains, compares and evaluates classifiers of handwritten digits: the same bits on every machine.',
  )
  .version(packageVersion())
  .configureOutput({
    // Commander's message, its hint and ours, in one line.
    outputError(text) {
      warn(
        `${text
          .replace(/^error: /, '')
          .trim()
          .replaceAll('\n', ' ')} (--help shows what is possible)`,
      );
    },
  });
const commands = [
  compareCommand().action((options: CompareOptions) => compare(options, interruption.signal)),
  studyCommand(interruption.signal),
  tuneCommand().action((file: string, options: TuneOptions) => tune(file, options, interruption.signal)),
  evaluateCommand().action((target: string, options: EvaluateCommandOptions) =>
    evaluate(target, options, interruption.signal),
  ),
  cardCommand().action((target: string, options: CardOptions) => card(target, options, interruption.signal)),
  judgeCommand().action((files: string[], options: JudgeOptions) =>
    judge(files, options, interruption.signal),
  ),
  dataCommand()
    .action(data)
    .enablePositionalOptions()
    .addCommand(
      dataWritersCommand().action((options: DataWritersOptions) => dataWriters(options, interruption.signal)),
    ),
  verifyCommand().action((run: string, trial: string | undefined, options: { writers?: string }) =>
    verify(run, trial, options, interruption.signal),
  ),
];
for (const command of commands) program.addCommand(command);
inheritSettings(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof DactylError)) throw error;
  const stopped = error.code === 'E_ABORTED';
  warn(stopped ? error.message : `${error.message} [${error.code}]`);
  process.exitCode = stopped ? interrupted : 1;
}

/** Commander does so only for commands that it makes itself. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inheritSettings(command);
  }
}

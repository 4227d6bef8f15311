#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { turnOnWide, wideInEnvironment } from '../queue/wide.ts';
import { packageVersion } from '../store/environment.ts';
import { fileError, isCrowded } from '../store/fileError.ts';
import { DactylError } from '../util/errors.ts';
import { auditCommand } from './audit.ts';
import { backupCommand } from './backup.ts';
import { card, cardCommand, type CardOptions } from './card.ts';
import { commandWords } from './commandWords.ts';
import { compare } from './compare.ts';
import { compareCommand, type CompareOptions } from './compareOptions.ts';
import { data, dataCommand } from './data.ts';
import { dataFetch, dataFetchCommand, type DataFetchOptions } from './dataFetch.ts';
import { dataWriters, dataWritersCommand, type DataWritersOptions } from './dataWriters.ts';
import { evaluate, evaluateCommand, type EvaluateCommandOptions } from './evaluate.ts';
import { warnIgnored } from './ignored.ts';
import { keysCommand } from './keys.ts';
import { judge, judgeCommand, type JudgeOptions } from './judge.ts';
import { predict, predictCommand, type PredictOptions } from './predict.ts';
import { type ExportOptions, exportTraining, exportTrainingCommand } from './exportTraining.ts';
import { serve, serveCommand, type ServeOptions } from './serve.ts';
import { studyCommand } from './study.ts';
import { warn } from './terminal.ts';
import { train, trainCommand, type TrainOptions } from './train.ts';
import { tune, tuneCommand, type TuneOptions } from './tune.ts';
import { verify, verifyCommand } from './verify.ts';

/** What a shell reports of a program that a signal ended: 128 and the signal's number. */
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143, SIGPIPE: 141 };

/** Standard output takes nothing more. */
const UNWRITABLE = 1;

/** What a call of the system is to a user. */
const ACTIONS = new Map([
  ...['stat', 'lstat', 'scandir', 'opendir', 'realpath', 'readlink', 'access', 'read', 'fstat'].map(
    (call) => [call, 'read'] as const,
  ),
  ['mkdir', 'make the folder'],
  ...['rmdir', 'unlink', 'rm'].map((call) => [call, 'remove'] as const),
]);

/** Whoever asked for an end waits no longer than this for what was begun to come to one; a server says how long it may take. */
let graceMs = 700;

const interruption = new AbortController();
let interrupted = 0;
function interrupt(code: number): void {
  interrupted = code;
  interruption.abort();
  setTimeout(() => {
    process.exit(code);
  }, graceMs).unref();
}
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // A second signal ends the program at once.
  process.once(name, () => {
    interrupt(INTERRUPTED[name]);
  });
}
process.stdout.once('error', (error: NodeJS.ErrnoException) => {
  process.stdout.on('error', () => undefined);
  // A reader that has seen enough (head, less) stops the work, as SIGPIPE would; what is done by then is no failure.
  if (error.code === 'EPIPE') {
    interrupt(INTERRUPTED.SIGPIPE);
    return;
  }
  warn(`Cannot write to standard output: ${error.message}.`);
  process.exitCode = UNWRITABLE;
  interrupt(UNWRITABLE);
});
process.stderr.on('error', () => undefined);

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
          .replaceAll('\n', ' ')}${fileHint(text)} (--help shows what is possible) [E_ARGUMENT]`,
      );
    },
  });
const commands = [
  compareCommand().action((options: CompareOptions, command: Command) => {
    if (options.json) warnIgnored(command, ['quiet'], 'with --json');
    return compare(options, interruption.signal);
  }),
  trainCommand().action((options: TrainOptions) => train(options, interruption.signal)),
  studyCommand(interruption.signal),
  tuneCommand().action((file: string, options: TuneOptions, command: Command) => {
    if (options.dryRun) warnIgnored(command, ['events', 'quiet'], 'with --dry-run');
    return tune(file, options, interruption.signal);
  }),
  evaluateCommand().action((target: string, options: EvaluateCommandOptions) =>
    evaluate(target, options, interruption.signal),
  ),
  cardCommand().action((target: string, options: CardOptions) => card(target, options, interruption.signal)),
  judgeCommand().action((files: string[], options: JudgeOptions, command: Command) => {
    if (files.length === 1) warnIgnored(command, ['rope'], 'with one file, which is compared with nothing');
    return judge(files, options, interruption.signal);
  }),
  predictCommand().action((files: string[], options: PredictOptions) =>
    predict(files, options, interruption.signal),
  ),
  serveCommand()
    .action((models: string[], options: ServeOptions) =>
      serve(models, options, interruption.signal, (ms) => {
        graceMs = ms;
      }),
    )
    .addCommand(
      exportTrainingCommand().action((options: ExportOptions) =>
        exportTraining(options, interruption.signal),
      ),
    ),
  keysCommand(),
  auditCommand(),
  backupCommand(),
  dataCommand()
    .action(data)
    .enablePositionalOptions()
    .addCommand(
      dataFetchCommand().action((name: string, options: DataFetchOptions, command: Command) => {
        if (command.parent) warnIgnored(command.parent, ['out'], 'before fetch');
        return dataFetch(name, options, interruption.signal);
      }),
    )
    .addCommand(
      dataWritersCommand().action((options: DataWritersOptions, command: Command) => {
        if (command.parent) warnIgnored(command.parent, ['out'], 'before writers: give it after');
        return dataWriters(options, interruption.signal);
      }),
    ),
  verifyCommand().action(
    (run: string, trial: string | undefined, options: { writers?: string; data?: string; extra?: string }) =>
      verify(run, trial, options, interruption.signal),
  ),
];
for (const command of commands) program.addCommand(command);
program.hook('preAction', (_, command) => {
  refuseEmpty(command);
  if (command.opts<{ wide?: true }>().wide || wideInEnvironment()) turnOnWide();
});
inheritSettings(program);

try {
  await program.parseAsync(commandWords(program, process.argv.slice(2)), { from: 'user' });
} catch (error) {
  const known = error instanceof DactylError ? error : systemError(error);
  if (!known) throw error;
  const stopped = known.code === 'E_ABORTED';
  // Of a closed or full output all is said.
  if (!stopped) warn(`${known.message} [${known.code}]`);
  else if (interrupted !== INTERRUPTED.SIGPIPE && interrupted !== UNWRITABLE) warn(known.message);
  process.exitCode = stopped ? interrupted : 1;
}
// What waits for a reader that takes nothing would wait for ever.
if (interruption.signal.aborted && process.exitCode === interrupted) process.exit();

/** `--out ""`, often a variable of a shell that is not set, would be the folder that one is in. */
function refuseEmpty(command: Command): void {
  const given = command.options.find((option) => command.getOptionValue(option.attributeName()) === '');
  const empty = given?.long ?? (command.args.includes('') ? 'an argument' : undefined);
  if (empty !== undefined) {
    throw new DactylError('E_ARGUMENT', `${empty}: expected a name, received an empty text.`);
  }
}

/** Errors of the system that can come from anywhere: too few file descriptors, a working folder that is gone. */
function systemError(error: unknown): DactylError | undefined {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === undefined && isCrowded(error)) {
    const message =
      'Cannot load a part of the program: too many files are open (EMFILE). Raise the limit of open files (ulimit -n 1024).';
    return new DactylError('E_FILE', message, { cause: error });
  }
  if (code === undefined || syscall === undefined) return undefined;
  return syscall === 'uv_cwd'
    ? new DactylError('E_FILE', 'The working folder is gone; go to another one.', { cause: error })
    : fileError(error, ACTIONS.get(syscall) ?? syscall, path ?? 'a file');
}

/** A file whose name begins like an option. */
function fileHint(text: string): string {
  const name = /unknown option '(-[^']+)'/.exec(text)?.[1];
  return name !== undefined && existsSync(name) ? ` A file of that name is given as ./${name}.` : '';
}

/** Commander does so only for commands that it makes itself. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inheritSettings(command);
  }
}

import type { Command } from 'commander';
import type { Evaluation } from '../study/evaluation/record.ts';
import type { Study } from '../study/configuration.ts';
import { warn } from './terminal.ts';

/** Says which of these options were given and have no effect. `why`: 'with --dry-run', say. */
export function warnIgnored(command: Command, names: readonly string[], why: string): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (!names.includes(name) || command.getOptionValueSource(name) !== 'cli') continue;
    warn(`${option.long} is ignored ${why}.`);
  }
}

/** Files of writers that a study of this split has no use for: of training images without folds by writer, of test images with folds. */
export function ignoredWriters(
  { split }: Pick<Study, 'split'>,
  { writers, testWriters }: { readonly writers?: string; readonly testWriters?: string },
): string[] {
  const byWriter = split.kind === 'folds' && split.groups === 'writers';
  return [
    ...(writers === undefined || byWriter
      ? []
      : ['--writers is ignored: this study has no folds grouped by writer.']),
    ...(testWriters === undefined || split.kind !== 'folds'
      ? []
      : ['--test-writers is ignored: a study with folds does not use the test images.']),
  ];
}

/** Parts whose intervals take the writers. */
const BY_WRITER = ['equity', 'mitigation'];

/** Options that nothing of this evaluation, nor the study's report written with it, goes by. */
export function ignoredByEvaluation(
  { parts, missing, evidence }: Pick<Evaluation, 'parts' | 'missing' | 'evidence'>,
  {
    only = [],
    costs,
    watts,
    writers,
  }: {
    readonly only?: readonly string[];
    readonly costs?: string;
    readonly watts?: number;
    readonly writers?: string;
  },
  withReport: boolean,
): string[] {
  const has = (names: readonly string[]) => parts.some(({ part }) => names.includes(part));
  return [
    ...missing.flatMap(({ part, reason }) =>
      only.includes(part) ? [`--only ${part} is ignored: ${reason}.`] : [],
    ),
    ...(costs === undefined || has(['answers'])
      ? []
      : ['--costs is ignored: errors are counted by the part answers, which is left out.']),
    ...(watts === undefined || evidence.arms.length > 0
      ? []
      : ['--watts is ignored: how long the training took is known of kept trials only.']),
    ...(writers === undefined || withReport || has(BY_WRITER)
      ? []
      : [`--writers is ignored: none of the parts that go by writer (${BY_WRITER.join(', ')}) is measured.`]),
  ];
}

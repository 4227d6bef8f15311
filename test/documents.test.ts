import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { PART_NAMES } from '../src/analysis/evaluation/parts.ts';
import { auditCommand } from '../src/cli/audit.ts';
import { backupCommand } from '../src/cli/backup.ts';
import { cardCommand } from '../src/cli/card.ts';
import { compareCommand } from '../src/cli/compareOptions.ts';
import { dataCommand } from '../src/cli/data.ts';
import { dataFetchCommand } from '../src/cli/dataFetch.ts';
import { dataWritersCommand } from '../src/cli/dataWriters.ts';
import { evaluateCommand } from '../src/cli/evaluate.ts';
import { predictCommand } from '../src/cli/predict.ts';
import { serveCommand } from '../src/cli/serve.ts';
import { studyCommand } from '../src/cli/study.ts';
import { trainCommand } from '../src/cli/train.ts';
import { tuneCommand } from '../src/cli/tune.ts';
import { verifyCommand } from '../src/cli/verify.ts';
import { ACTIVATIONS } from '../src/engine/activations/activations.ts';
import { INITIALIZERS } from '../src/nn/initializers/initializers.ts';
import * as library from '../src/index.ts';
import { POINTS } from '../src/report/evaluation/points/points.ts';
import { FIELDS } from '../src/server/config/fields.ts';
import { OTHER_VARIABLES } from '../src/server/config/load.ts';
import { Rules, StudyFile } from '../src/study/configuration.ts';
import { studyFileSchema } from '../src/study/studyFileSchema.ts';
import { DistortionLimits, Recipe } from '../src/study/recipe.ts';
import { resultsSchema } from '../src/study/results.ts';
import { evaluationSchema } from '../src/study/evaluation/record.ts';
import { tuningFileSchema, TuningFile } from '../src/study/tuning/configuration.ts';
import { SearchSpace } from '../src/study/tuning/space.ts';
import { ERROR_CODES } from '../src/util/errors.ts';

const read = (path: string): string => readFileSync(path, 'utf8');

test('docs/errors.md: every code in the order of the table, with its meaning and a remedy', () => {
  const sections = read('docs/errors.md').split('\n## ').slice(1);
  const found = sections.map((section) => {
    const [code, meaning, ...remedy] = section.trim().split('\n\n');
    expect(remedy.join(' ').length).toBeGreaterThan(20);
    return [code, meaning];
  });
  expect(found).toEqual(Object.entries(ERROR_CODES).map(([code, meaning]) => [code, `Meaning: ${meaning}.`]));
});

const study = studyCommand(new AbortController().signal);

test.each([
  { name: 'compare', command: compareCommand() },
  ...study.commands.map((command) => ({ name: `study ${command.name()}`, command })),
  { name: 'train', command: trainCommand() },
  { name: 'tune', command: tuneCommand() },
  { name: 'evaluate', command: evaluateCommand() },
  { name: 'card', command: cardCommand() },
  { name: 'predict', command: predictCommand() },
  { name: 'serve', command: serveCommand() },
  ...auditCommand().commands.map((command) => ({ name: `audit ${command.name()}`, command })),
  ...backupCommand().commands.map((command) => ({ name: `backup ${command.name()}`, command })),
  { name: 'data', command: dataCommand() },
  { name: 'data fetch', command: dataFetchCommand() },
  { name: 'data writers', command: dataWritersCommand() },
  { name: 'verify', command: verifyCommand() },
])('docs/reference/command-line.md: the options of $name, all of them and no others', ({ name, command }) => {
  const sections = read('docs/reference/command-line.md').split('\n## ');
  const section = sections.find((text) => new RegExp(`^dactyl ${name}(?! [a-z])`).test(text)) ?? '';
  const documented = [...section.matchAll(/^\| `(--[^`]+)`/gm)].map(([, flags]) => flags);
  expect(documented).toEqual(command.options.map(({ flags }) => flags));
  for (const argument of command.registeredArguments) expect(section).toContain(argument.name());
});

test('docs/reference/study-files.md: every key of a study file, a recipe, the rules and a distortion', () => {
  const page = read('docs/reference/study-files.md');
  for (const schema of [StudyFile, Recipe, Rules, DistortionLimits])
    for (const key of Object.keys(schema.properties)) expect(page).toContain(`\`${key}\``);
});

test('docs/serving.md: every setting with its variable, default and meaning', () => {
  const page = read('docs/serving.md');
  for (const { path, variable, default: usual, description } of FIELDS) {
    const shown = usual === undefined ? '' : ` \`${JSON.stringify(usual)}\``;
    const row = `| \`${path.join('.')}\` | \`${variable}\` |${shown} | ${description} |`;
    expect(page.replaceAll(/ +\|/g, ' |')).toContain(row);
  }
});

test('every variable DACTYL_… in a document or on a page may be set where a server command runs', () => {
  const known = [...FIELDS.map(({ variable }) => variable), ...OTHER_VARIABLES];
  const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.md$/.test(file),
  );
  const files = [...pages.map((file) => `docs/${file}`), 'README.md', 'src/server/openapi/startPage.ts'];
  const said = files.flatMap((file) => read(file).match(/\bDACTYL_[A-Z_]*[A-Z]/g) ?? []);
  expect(said).toContain('DACTYL_API_KEY');
  expect(said.filter((name) => !known.includes(name))).toEqual([]);
});

test('docs/privacy: every share that is said of the reader stands in data/reader.md', () => {
  const measured = read('data/reader.md');
  const said = ['dpia.md', 'ai-act.md', 'notice.md'].flatMap((file) =>
    read(`docs/privacy/${file}`).match(/\d+\.\d\d % \(\d+\.\d\d to \d+\.\d\d\)/g)!,
  );
  expect(said.length).toBeGreaterThan(5);
  for (const share of said) expect(measured).toContain(share);
});

test('docs/studies.md and docs/reference/command-line.md: every study that ships', () => {
  const studies = readdirSync('studies').map((file) => file.replace('.json', ''));
  for (const document of ['docs/studies.md', 'docs/reference/command-line.md']) {
    expect(studies.filter((study) => !read(document).includes(`\`${study}\``))).toEqual([]);
  }
});

test('docs/reference/tuning.md: every key of a search and of its space, every kind of draw', () => {
  const page = read('docs/reference/tuning.md');
  for (const schema of [TuningFile, SearchSpace])
    for (const key of Object.keys(schema.properties)) expect(page).toContain(`\`${key}\``);
  for (const kind of ['uniform', 'logUniform', 'integer', 'logInteger', 'choice'])
    expect(page).toContain(`"kind": "${kind}"`);
});

test('docs/reference/evaluation.md: every part and every point', () => {
  const page = read('docs/reference/evaluation.md');
  for (const name of PART_NAMES) expect(page).toContain(`## ${name}\n`);
  for (const [point, { title }] of Object.entries(POINTS)) {
    expect(page).toMatch(new RegExp(`^\\| ${point} ${title} +\\|`, 'm'));
  }
});

test('the documents name every activation, initializer and export', () => {
  const commandLine = read('docs/reference/command-line.md');
  const libraryPage = read('docs/reference/library.md');
  for (const name of Object.keys(ACTIVATIONS)) {
    expect(commandLine).toContain(name);
    expect(libraryPage).toContain(name);
  }
  for (const name of Object.keys(INITIALIZERS)) expect(libraryPage).toContain(name);
  for (const name of Object.keys(library)) expect(libraryPage).toContain(name);
});

test('README.md: the two lines', () => {
  expect(read('README.md')).toContain('```sh\nnpm ci && npm start\nnpm ci && npm test\n```');
});

test('links between the documents lead to files', () => {
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md'))
      .map((path) => join('docs', path)),
  ];
  for (const document of documents) {
    for (const [, target] of read(document).matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (target.startsWith('https://')) continue;
      expect(existsSync(resolve(dirname(document), target)), `${document}: ${target}`).toBe(true);
    }
  }
});

test('schemas/ is what src/study/ says (npm run build:schema)', () => {
  expect(read('schemas/results.schema.json')).toBe(resultsSchema());
  expect(read('schemas/study.schema.json')).toBe(studyFileSchema());
  expect(read('schemas/tuning.schema.json')).toBe(tuningFileSchema());
  expect(read('schemas/evaluation.schema.json')).toBe(evaluationSchema());
});

test('versions agree: package.json, CITATION.cff', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(read('CITATION.cff')).toContain(`\nversion: ${version}\n`);
});

import {
  checkedValue,
  checkName,
  checkNetworks,
  CHOSEN_BY_NAME,
  hasKey,
  keysAt,
  readSource,
  withPlace,
  wrong,
  type Source,
} from '../sourceFile.ts';
import { firstProblem } from '../studyFileProblem.ts';
import { requireFlag, requireText } from '../../util/options.ts';
import { resolveTuning, type Tuning, TuningFile } from './configuration.ts';
import { type Distribution, LIMITS, type Parameter, type SearchSpace, searched } from './space.ts';

/** The search that a file's text says, on `data` where that is given instead of what the file says. Throws E_FORMAT naming file, line and key, and a valid key or value that is near. */
export function parseTuning(text: string, file: string, quick = false, data?: string): Tuning {
  requireText('parseTuning: text', text);
  requireText('parseTuning: file', file);
  requireFlag('parseTuning: quick', quick);
  if (data !== undefined) requireText('parseTuning: data', data);
  const source = readSource(text, file, 'search');
  if (!hasKey(source, 'space') && hasKey(source, 'seeds')) {
    throw wrong(source, ['seeds'], `no "space" to search in; run it with dactyl study run ${file}`, true);
  }
  refuseEpochs(source);
  const said = { ...checkedValue(source, TuningFile, 'search'), ...(data !== undefined && { data }) };
  checkNetworks(source, said);
  checkSpace(source, said.space);
  return withPlace(source, [], () => resolveTuning(said, quick));
}

/** These would be unknown keys, and a near valid one no help. */
function refuseEpochs(source: Source): void {
  const places = [['recipe'], ['space'], ...keysAt(source, 'arms').map((arm) => ['arms', arm])];
  for (const place of places) {
    for (const key of ['epochs', 'earlyStopping']) {
      if (!hasKey(source, ...place, key)) continue;
      const path = [...place, key];
      throw wrong(
        source,
        path,
        `${path.join('.')}: the rungs say for how many epochs a configuration trains, and end the poor ones early; leave ${key} out`,
        true,
      );
    }
  }
}

function checkSpace(source: Source, space: SearchSpace): void {
  for (const parameter of searched(space)) {
    const distribution = space[parameter]!;
    for (const [path, value] of boundsOf(parameter, distribution)) {
      if (parameter in CHOSEN_BY_NAME) checkName(source, path, parameter, value);
      const problem = firstProblem(LIMITS[parameter], value, path);
      if (problem) throw wrong(source, problem.path, problem.message);
    }
    if (distribution.kind !== 'choice' && distribution.from > distribution.to) {
      const { from, to } = distribution;
      throw wrong(
        source,
        ['space', parameter, 'to'],
        `space.${parameter}.to: expected ${from} or more; received ${to}`,
      );
    }
  }
}

function boundsOf(
  parameter: Parameter,
  distribution: Distribution,
): [path: string[], value: number | string][] {
  const path = ['space', parameter];
  if (distribution.kind === 'choice') {
    return distribution.values.map((value, k) => [[...path, 'values', String(k)], value]);
  }
  return [
    [[...path, 'from'], distribution.from],
    [[...path, 'to'], distribution.to],
  ];
}

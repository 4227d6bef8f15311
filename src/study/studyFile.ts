import { requireText } from '../util/options.ts';
import { checkStopping } from './stopping.ts';
import { checkRules, DEFAULT_RULES, resolveStudy, type Study, StudyFile } from './configuration.ts';
import { checkedValue, checkNetworks, hasKey, keysAt, readSource, withPlace, wrong } from './sourceFile.ts';

/** The study that a file's text says, on `data` where that is given instead of what the file says. Throws E_FORMAT naming file, line and key, and a valid key or value that is near. */
export function parseStudy(text: string, file: string, data?: string): Study {
  requireText('parseStudy: text', text);
  requireText('parseStudy: file', file);
  if (data !== undefined) requireText('parseStudy: data', data);
  const source = readSource(text, file, 'study');
  if (hasKey(source, 'space')) {
    throw wrong(source, ['space'], `"space" makes this a search; run it with dactyl tune ${file}`, true);
  }
  const said = { ...checkedValue(source, StudyFile, 'study'), ...(data !== undefined && { data }) };
  checkNetworks(source, said);
  withPlace(source, ['rules'], () => {
    checkRules({ ...DEFAULT_RULES, ...said.rules });
  });
  const study = withPlace(source, ['arms'], () => resolveStudy(said, keysAt(source, 'arms')));
  withPlace(source, ['stopping'], () => {
    checkStopping(study);
  });
  return study;
}

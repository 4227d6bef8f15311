import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/dactyl.ts';
import { refuseStudyFile } from './refuseStudyFile.ts';

test('files of studies, searches and recipes are refused with line and what to run; whatever else is left alone', () => {
  const folder = temporaryFolder();
  const put = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const refused = (path: string) =>
    expect(() => {
      refuseStudyFile(path);
    });
  const study = put('s1.json', '{\n  "name": "s1",\n  "arms": {}\n}');
  refused(study).toThrow(
    `${study}, line 3: "arms" makes this a study; run it with dactyl study run ${study}, then name`,
  );
  const search = put('t.json', '\n{ "arms": {}, "space": {} }');
  refused(search).toThrow(`line 2: "space" makes this a search; run it with dactyl tune ${search}`);
  refused(put('r.json', '{ "epochs": 3 }')).toThrow('train it with dactyl train --recipe');
  refused(put('other.json', '{ "a": 1 }')).not.toThrow();
  refused(put('torn.json', '{ "arms"')).not.toThrow();
  refused(put('m.safetensors', '\x02\0\0\0\0\0\0\0{}')).not.toThrow();
  refused(folder).not.toThrow();
  refused(join(folder, 'none')).not.toThrow();
});

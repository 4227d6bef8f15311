import { bytesFile, readDataSet } from '../../src/nn.ts';

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** The identity of the data set of these files, as a page reads them. */
async function identityOf(files: Record<string, string>): Promise<readonly string[]> {
  const set = await readDataSet(
    Object.entries(files).map(([path, base64]) => bytesFile(path, bytesOf(base64))),
  );
  return set.identity;
}

Object.assign(globalThis, { identityOf });

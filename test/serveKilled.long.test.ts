import { spawn } from 'node:child_process';
import { request, Agent } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { findCheckpoints } from '../src/server/audit/checkpoint.ts';
import { verifierKeys } from '../src/server/audit/keys.ts';
import { verifyAudit } from '../src/server/audit/verify.ts';
import { checkpointOf } from './support/serverLog.ts';
import { openReading } from '../src/server/store/openReading.ts';
import { MAIN, temporaryFolder } from './support/dactyl.ts';
import { found } from './support/evidence.ts';

/**
 * `KILLS=200 npx vitest run --project long test/serveKilled.long.test.ts` kills the store that often; a server takes longer to start, `SERVER_KILLS=200`
 * is for a night.
 */
const KILLS = Number(process.env.KILLS ?? 25);
const SERVER_KILLS = Number(process.env.SERVER_KILLS ?? 3);
/** A program that writes until it is killed. */
const STORE = join(import.meta.dirname, 'support/killedStore.ts');
const CLIENTS = 8;

interface Acknowledged {
  readonly decisions: string[];
  readonly kept: string[];
  readonly erased: string[];
  /** Notes that the server pushed out into its log. */
  readonly checkpoints: string[];
}

it(
  `the store, killed ${KILLS} times while it is written to, loses nothing that it acknowledged`,
  { timeout: 60_000 + KILLS * 20_000 },
  async () => {
    const folder = temporaryFolder();
    const acknowledged: string[] = [];
    const checkpoints: string[] = [];
    for (let round = 0; round < KILLS; round++) {
      const writer = spawn(process.execPath, [STORE, folder, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let killing: NodeJS.Timeout | undefined;
      createInterface(writer.stdout).on('line', (line) => {
        const note = checkpointOf(line);
        if (note !== undefined) checkpoints.push(note);
        else if (/^e \d+-\d+-\d+$/.test(line)) acknowledged.push(line.slice(2));
        killing ??= setTimeout(() => writer.kill('SIGKILL'), (round * 37) % 300);
      });
      await new Promise((resolve) => writer.once('close', resolve));
      expect(killing).toBeDefined();
    }
    console.log(`${KILLS} kills: ${acknowledged.length} events and rows, ${checkpoints.length} checkpoints`);
    const reading = await openReading(folder);
    const rows = await reading.query(
      'SELECT subject, id FROM audit_events FULL JOIN things ON things.id = audit_events.subject',
    );
    const whole = new Set(rows.filter(({ subject, id }) => subject === id).map(({ id }) => id));
    expect(acknowledged.filter((subject) => !whole.has(subject))).toEqual([]);
    expect(rows.length).toBe(whole.size);
    const outside = checkpoints.flatMap(findCheckpoints);
    const [report] = await verifyAudit(reading, {
      keys: verifierKeys(join(folder, 'keys', 'audit')),
      outside,
    });
    expect(report.findings).toEqual([]);
    await reading.close();
  },
);

it(
  `the server, killed ${SERVER_KILLS} times under load, loses nothing that it acknowledged, and its audit log stays whole`,
  { timeout: 60_000 + SERVER_KILLS * 150_000 },
  async () => {
    const folder = temporaryFolder();
    const all: Acknowledged = { decisions: [], kept: [], erased: [], checkpoints: [] };
    for (let round = 0; round < SERVER_KILLS; round++)
      await loadAndKill(folder, 200 + ((round * 370) % 1500), all);
    console.log(
      `${SERVER_KILLS} kills: ${all.decisions.length} decisions, ${all.kept.length} consents kept, ${all.erased.length} erased, ${all.checkpoints.length} checkpoints acknowledged`,
    );
    expect(all.decisions.length).toBeGreaterThan(0);

    const reading = await openReading(folder);
    const events = await reading.query("SELECT subject FROM audit_events WHERE kind = 'decision'");
    const decisions = new Set(events.map(({ subject }) => subject));
    expect(all.decisions.filter((id) => !decisions.has(id))).toEqual([]);
    const rows = await reading.query(
      'SELECT consents.decision, erased_at, count(consent_items.consent) AS items FROM consents LEFT JOIN consent_items ON consent_items.consent = consents.id GROUP BY consents.id',
    );
    const consents = new Map(rows.map((row) => [row.decision, row]));
    const erased = new Set(all.erased);
    expect(all.kept.filter((decision) => !consents.has(decision))).toEqual([]);
    expect(all.erased.filter((decision) => consents.get(decision)?.erased_at === null)).toEqual([]);
    expect(all.erased.filter((decision) => consents.get(decision)?.items !== 0)).toEqual([]);
    // Whoever was not answered may have been heard: what is there whole is right, too.
    for (const decision of all.kept.filter((id) => !erased.has(id)))
      expect(consents.get(decision)!.items).toBe(consents.get(decision)!.erased_at === null ? 1 : 0);
    const outside = all.checkpoints.flatMap(findCheckpoints);
    const [report] = await verifyAudit(reading, {
      keys: verifierKeys(join(folder, 'keys', 'audit')),
      outside,
    });
    expect(report.findings).toEqual([]);
    await reading.close();
    found({
      id: 'killed',
      points: ['E7', 'E9', 'E11'],
      articles: ['GDPR 32', 'AI Act 12', 'AI Act 15'],
      says: `Killed ${KILLS + SERVER_KILLS} times while it was written to (${SERVER_KILLS} times the whole server, under load), the store lost no answer, no consent and no erasure that had been acknowledged, and the log stayed whole.`,
    });
  },
);

/** Serves from `folder`, asks as much as it answers, and kills it `ms` after the first answer; adds what was acknowledged. */
async function loadAndKill(folder: string, ms: number, all: Acknowledged): Promise<void> {
  const args = [MAIN, 'serve', '--port', '0', '--data-dir', folder];
  const env = { ...process.env, DACTYL_AUDIT_CHECKPOINT_SECONDS: '1', DACTYL_AUDIT_CHECKPOINT_EVENTS: '100' };
  const server = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => server.once('close', resolve));
  let log = '';
  createInterface(server.stderr).on('line', (line) => {
    const note = checkpointOf(line);
    if (note === undefined) log += `${line}\n`;
    else all.checkpoints.push(note);
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(server.stdout).on('line', (line) => {
      const found = /answers at (http:\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    server.once('close', () => reject(new Error(`the server ended: ${log}`)));
  });
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  let killing: NodeJS.Timeout | undefined;
  // A machine that is busy with other things may have every request told to come later.
  const late = setTimeout(() => server.kill('SIGKILL'), 30_000);
  const client = async (): Promise<void> => {
    for (let n = 0; ; n++) {
      const kept = n % 2 === 1;
      const answer = await ask(agent, 'POST', `${url}/v2/models/reader/infer`, {
        ...(kept && { parameters: { consent: 'training', consent_days: 30 } }),
        inputs: [{ name: 'input', shape: [1, 28, 28], datatype: 'UINT8', data: IMAGE }],
      });
      if (answer === undefined) return;
      const { decision_id: decision, consent_token: token } = (
        JSON.parse(answer) as { parameters: Record<string, string> }
      ).parameters;
      all.decisions.push(decision);
      killing ??= setTimeout(() => server.kill('SIGKILL'), ms);
      if (!kept) continue;
      all.kept.push(decision);
      if (n % 4 !== 3) continue;
      if ((await ask(agent, 'DELETE', `${url}/v1/consents/${token}`)) === undefined) return;
      all.erased.push(decision);
    }
  };
  try {
    await Promise.all(Array.from({ length: CLIENTS }, client));
  } finally {
    clearTimeout(late);
    clearTimeout(killing);
    server.kill('SIGKILL');
    await ended;
    agent.destroy();
  }
}

const IMAGE = Array.from({ length: 784 }, (_, i) => (i % 28 > 12 && i % 28 < 16 ? 255 : 0));

/** The body of a whole answer; undefined where the connection broke before. */
function ask(agent: Agent, method: string, url: string, body?: unknown): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent, method, headers: { 'content-type': 'application/json' } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.once('error', () => resolve(undefined));
        answer.once('end', () => {
          if (answer.statusCode! < 300) resolve(text);
          // Not taken, and said so.
          else if (answer.statusCode === 503) setTimeout(() => resolve(ask(agent, method, url, body)), 20);
          else reject(new Error(`${method} ${url}: ${answer.statusCode} ${text}`));
        });
      },
    );
    sent.once('error', () => resolve(undefined));
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

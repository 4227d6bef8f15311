import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { packageVersion } from '../store/environment.ts';
import type { AuditEvent } from './audit/event.ts';
import { registerAdminRoutes } from './adminApp.ts';
import { createApp, registerRoutes } from './app.ts';
import { checkBeforeStart, listenError, placesOf } from './beforeStart.ts';
import { systemClock } from './clock.ts';
import { type ConfigSources, loadConfig } from './config/load.ts';
import type { ServerConfig } from './config/schema.ts';
import type { ServedModel } from './models/model.ts';
import { requireSomeKey } from './security/access.ts';
import { renewTls } from './security/listener.ts';
import { isLoopback, listenedAddress } from './security/loopback.ts';
import { keysFolder, keysLieInData } from './store/place.ts';
import { createServices, noteTraining, type Services } from './services.ts';

export interface RunningServer {
  readonly app: FastifyInstance;
  readonly services: Services;
  /** Such as http://127.0.0.1:8080. */
  readonly url: string;
  /** Reads the files of models and of TLS anew and serves with those that changed, as SIGHUP asks for. What is wrong is logged, and changes nothing. */
  reload(): Promise<void>;
  /** Of the admin listener, where it is on. */
  readonly adminUrl?: string;
  /** Takes no new requests, answers what was accepted and ends; connections that are open after `stopSeconds` are cut. */
  stop(): Promise<void>;
}

export function configFrom(sources: ConfigSources): ServerConfig {
  return loadConfig(sources);
}

/** Starts everything and listens. Throws E_FILE where the port is taken, and what its parts throw; what is wrong with the settings leaves nothing behind. */
export async function startServer(config: ServerConfig): Promise<RunningServer> {
  const app = createApp(config);
  await checkBeforeStart(config, systemClock.now());
  const services = await createServices({ config, log: app.log }, systemClock);
  const record = (kind: string, facts: AuditEvent['facts']): Promise<void> =>
    services.audit.append({ kind, at: services.clock.now(), facts });
  let started = false;
  const places = placesOf(config);
  const admin = places.admin && createApp(config);
  const apps = [app, ...(admin ? [admin] : [])];
  const reload = async (): Promise<void> => {
    try {
      for (const one of apps) renewTls(one.server, config);
    } catch (error) {
      app.log.error(
        { err: error },
        'certificate and key could not be read anew; those before are served with',
      );
    }
    try {
      const added = await services.models.reload();
      for (const model of added) await noteTraining(services.consents, model);
      if (added.length > 0) await record('models.changed', { models: services.models.list().map(nameOf) });
      app.log.info({ added: added.map(nameOf) }, 'models were read anew');
    } catch (error) {
      app.log.error({ err: error }, 'models could not be read anew; those before are served');
    }
  };
  const stop = async (): Promise<void> => {
    const late = setTimeout(() => {
      for (const one of apps) one.server.closeAllConnections();
    }, config.stopSeconds * 1000);
    for (const one of apps) spareNewcomers(one.server);
    try {
      await Promise.all(apps.map((one) => one.close()));
      try {
        if (started) await record('server.stopped', {});
      } finally {
        await services.close();
      }
    } finally {
      clearTimeout(late);
    }
  };
  try {
    await requireSomeKey(config, services.keys, services.clock.now());
    services.pool.start();
    const models = services.models.list().map(nameOf);
    await record('server.started', { dactyl: packageVersion(), models });
    started = true;
    await registerRoutes(app, services);
    const url = await listen(app, places.own);
    if (!isLoopback(config.host) && config.security.tlsCert === undefined) {
      app.log.warn(
        'keys and pictures go over the network unencrypted: set security.tlsCert and tlsKey, or put a proxy with TLS before',
      );
    }
    if (keysLieInData(config)) {
      app.log.warn(
        { keysDir: keysFolder(config) },
        'the keys lie in the data folder: a backup of that folder takes them along, and then images that are erased later still open from it. Set keysDir to a place that is in no backup of dataDir',
      );
    }
    if (admin === undefined) return { app, services, url, reload, stop };
    await registerAdminRoutes(admin, services);
    return {
      app,
      services,
      url,
      adminUrl: await listen(admin, places.admin!),
      reload,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function nameOf({ name, version }: ServedModel): string {
  return `${name} ${version}`;
}

/** A connection without a request yet may have sent one that was not read: it has a moment before it counts as idle. */
const NEWCOMER_MS = 250;

/** Closing a server ends its idle connections at once, and Node takes those for idle of which it has read nothing. */
function spareNewcomers(server: Server): void {
  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    setTimeout(closeIdle, NEWCOMER_MS);
  };
}

async function listen(app: FastifyInstance, place: Parameters<typeof listenError>[1]): Promise<string> {
  const { host, port } = place;
  try {
    return await app.listen({ host: listenedAddress(host), port });
  } catch (error) {
    throw listenError(error, place);
  }
}

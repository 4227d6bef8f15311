import { DactylError } from '../../util/errors.ts';
import type { Threads } from '../engine.ts';
import type { Heap } from '../heap.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { linkedModules, moveKernels, replaceKernels } from '../linking.ts';
import type { Team } from './team.ts';

/** The team of an engine, while someone needs it. */
export class EngineThreads {
  readonly #heap: Heap;
  #team: Promise<Team | undefined> | undefined;
  #users = 0;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  async start(count: number): Promise<Threads> {
    if (count === 1 || !canShareMemory()) return { count: 1, stop: () => undefined };
    this.#users++;
    const team = await (this.#team ??= this.#startTeam(count));
    let used = true;
    return {
      count: team?.count ?? 1,
      stop: () => {
        if (!used) return;
        used = false;
        if (--this.#users > 0) return;
        this.#team = undefined;
        team?.end();
      },
    };
  }

  /** The code is loaded only now. */
  async #startTeam(count: number): Promise<Team | undefined> {
    const { startTeam } = await import('./team.ts');
    return startTeam(this.#heap, count, {
      DactylError,
      linkedModules,
      moveKernels,
      replaceKernels,
      yieldToEvents,
    });
  }
}

function canShareMemory(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer === 'function' && crossOriginIsolated !== false;
}

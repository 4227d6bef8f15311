import type { Threads } from '../engine.ts';
import type { Heap } from '../heap.ts';
import type { Team } from './team.ts';

/** The team of an engine, while someone needs it. */
export class EngineThreads {
  readonly #heap: Heap;
  readonly #exchanged: () => void;
  #team: Promise<Team | undefined> | undefined;
  #users = 0;

  /** `exchanged` is called when the kernels on the heap are others. */
  constructor(heap: Heap, exchanged: () => void) {
    this.#heap = heap;
    this.#exchanged = exchanged;
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
        this.#exchanged();
      },
    };
  }

  /** The code is loaded only now. */
  async #startTeam(count: number): Promise<Team | undefined> {
    const { startTeam } = await import('./team.ts');
    const team = await startTeam(this.#heap, count);
    this.#exchanged();
    return team;
  }
}

function canShareMemory(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer === 'function' && crossOriginIsolated !== false;
}

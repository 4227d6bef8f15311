import type * as Errors from '../../util/errors.ts';
import type { Heap } from '../heap.ts';
import type * as Linking from '../linking.ts';
import type { Kernel, KernelTable } from '../linking.ts';
import { Choice } from './choice.ts';
import { Commands, emptyLists, END, MOST_ARGUMENTS, SLOTS, WIDTH } from './commands.ts';
import { type Cut, cutRows, cutWeights } from './cuts.ts';
import { type BatchArguments, type Division, DIVISIONS } from './divisions.ts';
import { CALLER_ASLEEP, LINE, MAY_SLEEP, placesOf } from './places.ts';
import { shareMemory, type SharingTools } from './sharedMemory.ts';
import { type HelperThread, startHelper } from './worker.ts';

/** Milliseconds that a thread spins before it sleeps: longer than a step's parts that are not divided, far shorter than what lies between epochs. */
const SPIN_MS = 0.3;
/** Milliseconds between two looks at whether a helper still lives, and how many looks in vain are a failure all the same. */
const LOOK_MS = 20;
const MOST_LOOKS = 3000;
/** Turns that the caller waits for a helper that is awake to begin: some microseconds, in which it will have, unless it has no core. */
const PATIENCE = 100;

/** The kernels that run one after the other without a wait between them: those that are cut at the same places, and those that each thread runs for itself. */
const NO_CHAIN = 0;
const WEIGHTS = -1;
const EACH = -2;
const FOLLOWED = { each: EACH, weights: WEIGHTS };
/** Bytes of a gathered batch that each thread gathers for itself, at most. */
const MOST_GATHERED = 1 << 24;

/** What this file needs of others. It is loaded when threads start, and what it imported of its own would be wrapped in bundles in one piece. */
export interface TeamTools extends SharingTools, Pick<typeof Linking, 'linkedModules'> {
  readonly DactylError: typeof Errors.DactylError;
}

/**
 * Moves the heap into shared memory and starts threads that help with its kernels; undefined where the host has no such memory or no such threads.
 */
export async function startTeam(heap: Heap, threads: number, tools: TeamTools): Promise<Team | undefined> {
  try {
    await shareMemory(heap, tools);
  } catch {
    return undefined;
  }
  const team = new Team(heap, threads, tools);
  try {
    await team.start();
  } catch {
    team.end();
    return undefined;
  }
  team.takeOver();
  return team;
}

/** The calling thread and its helpers, each a thread with kernels of its own on the same memory. */
export class Team {
  /** Of threads, with the calling one. */
  readonly count: number;
  readonly #choice: Choice;
  readonly #heap: Heap;
  /** Of one thread. */
  readonly #mostProducts: () => number;
  readonly #tools: TeamTools;
  readonly #tasks: readonly object[];
  readonly #helpers: HelperThread[] = [];
  readonly #cells: Int32Array<SharedArrayBuffer>;
  /** Of each helper. */
  readonly #commands: Commands[] = [];
  /** Number of each module's first kernel; modules linked later are not divided. */
  readonly #firsts: number[] = [];
  /** Commands posted to each helper; from 2³¹ on negative, as the cells are. */
  readonly #posted: number[];
  /** Of these, how many are known to be done. */
  readonly #known: number[];
  readonly #places: ReturnType<typeof placesOf>[];
  /** The modules' own, by number. */
  readonly #kernels: Kernel[] = [];
  /** Pieces of the same size as one that is scratch, one for each helper. */
  readonly #copies = new Map<number, number[]>();
  readonly #rowCuts = new Map<number, Cut>();
  readonly #weightCuts = new Map<number, Cut>();
  /** Arguments of a part that is being posted, by their number. */
  readonly #posting = emptyLists();
  /** Pieces with a gathered batch that each helper has gathered, too, until somebody looks at them. */
  readonly #gathered = new Set<number>();
  #chain = NO_CHAIN;
  #pending = false;
  #failure: Error | undefined;
  #ended = false;

  constructor(heap: Heap, threads: number, tools: TeamTools) {
    this.#choice = choiceFor(heap);
    this.#heap = heap;
    this.#mostProducts = heap.mostProducts;
    this.#tools = tools;
    this.count = threads;
    const ring = SLOTS * WIDTH;
    const firstOf = (thread: number): number => LINE * (2 * threads - 1) + ring * (thread - 1);
    this.#cells = new Int32Array(new SharedArrayBuffer(4 * firstOf(threads)));
    for (let t = 1; t < threads; t++) this.#commands[t] = new Commands(this.#cells, firstOf(t));
    this.#posted = new Array<number>(threads).fill(0);
    this.#known = new Array<number>(threads).fill(0);
    this.#places = Array.from({ length: threads }, (_, thread) => placesOf(thread));
    const modules = tools.linkedModules(heap.memory);
    let first = 0;
    for (const { count } of modules) {
      this.#firsts.push(first);
      first += count;
    }
    const { buffer: cells } = this.#cells;
    const common = {
      memory: heap.memory,
      modules,
      cells,
      slots: SLOTS,
      width: WIDTH,
      most: MOST_ARGUMENTS,
      spin: SPIN_MS,
    };
    this.#tasks = this.#places.slice(1).map((own, k) => ({
      ...common,
      places: { CALLER_ASLEEP, ...own },
      first: firstOf(k + 1),
    }));
  }

  /** Rejects where the host lets no helper start. */
  async start(): Promise<void> {
    for (const task of this.#tasks) {
      const failed = (reason: string): void => {
        this.#fail(reason);
      };
      this.#helpers.push(startHelper(task, failed));
    }
    await Promise.all(this.#helpers.map(({ ready }) => ready));
  }

  /** From now on the heap's kernels are divided, and who looks at its memory waits for what is under way. */
  takeOver(): void {
    this.#tools.replaceKernels(this.#heap.memory, (plain, number) =>
      this.#divide(plain, this.#firsts[number]),
    );
    this.#heap.mostProducts = () => {
      const threads = this.#choice.shared ? this.count : 1;
      return this.#heap.divides ? threads * this.#mostProducts() : Infinity;
    };
    this.#heap.stepped = () => {
      const { shared } = this.#choice;
      this.#choice.stepped(performance.now());
      // Of batches that other networks have gathered meanwhile the rest may be done by the caller alone.
      if (this.#choice.shared !== shared) this.#gathered.clear();
    };
    this.#heap.settle = (address) => {
      this.#gathered.delete(address!);
      this.#settle();
    };
    this.#heap.freed = (address) => {
      this.#gathered.delete(address);
      this.#freeCopies(address);
    };
  }

  /** The heap's kernels are those of one thread again, and no helper stays. */
  end(): void {
    try {
      this.#settle();
    } catch {
      // Whoever needed the kernels has been told.
    }
    this.#ended = true;
    this.#heap.mostProducts = this.#mostProducts;
    this.#heap.settle = () => undefined;
    this.#heap.stepped = () => undefined;
    // Where a thread failed others may still be at work on theirs: they stay until what they stand for is freed.
    if (!this.#failure) {
      this.#heap.freed = () => undefined;
      for (const address of this.#copies.keys()) this.#freeCopies(address);
    }
    this.#tools.replaceKernels(this.#heap.memory);
    for (let t = 1; t < this.count; t++) this.#post(t, END, []);
    for (const helper of this.#helpers) helper.end();
  }

  #divide(plain: KernelTable, first: number | undefined): KernelTable {
    const divided = Object.entries(plain).map(([name, kernel], k): [string, Kernel] => {
      if (first !== undefined) this.#kernels[first + k] = kernel;
      const division = first === undefined ? undefined : DIVISIONS[name as keyof typeof DIVISIONS];
      if (division) return [name, (...args) => this.#run(first! + k, kernel, division, args)];
      return [name, (...args) => this.#runAlone(kernel, args)];
    });
    return Object.fromEntries(divided);
  }

  #runAlone(kernel: Kernel, args: number[]): number | undefined {
    this.#settle();
    return kernel(...args);
  }

  #run(number: number, kernel: Kernel, division: Division, args: number[]): number | undefined {
    if (!this.#choice.shared) return this.#runAlone(kernel, args);
    const { batch } = division;
    const room = batch && this.#roomOf(batch, args);
    if (room && batch.each) {
      this.#runEach(number, batch, room, args);
      kernel(...args);
      return undefined;
    }
    const of = typeof division.of === 'function' ? division.of(args) : division.of;
    const follows = room !== undefined && batch?.follows && FOLLOWED[batch.follows] === this.#chain;
    if (of === 'own' && !follows) this.#settle();
    const count = division.count(args);
    const cut = count > 0 ? this.#cutOf(division, args, count) : null;
    if (!cut) return this.#runAlone(kernel, args);
    const chain = chainOf(of, count);
    const heap = this.#heap;
    if (!follows && (chain === NO_CHAIN || chain !== this.#chain)) this.#settle();
    if (this.#failure) throw this.#failure;
    for (let t = 1; t < this.count; t++) {
      if (cut[t + 1] <= cut[t]) continue;
      const list = this.#posting[args.length];
      list.length = args.length;
      for (let k = 0; k < args.length; k++) list[k] = args[k];
      if (division.scratch)
        for (const k of division.scratch) if (list[k]) list[k] = this.#copyFor(t, list[k]);
      if (room) this.#moveToOwn(t, batch, room, list);
      division.part(list, cut[t], cut[t + 1], heap);
      this.#pending = true;
      this.#post(t, number, list);
    }
    this.#chain = chain;
    if (cut[1] > cut[0]) {
      division.part(args, cut[0], cut[1], heap);
      kernel(...args);
    }
    return undefined;
  }

  /** The piece of the gathered batch that a kernel works on, where each thread has its own of it. */
  #roomOf({ room, first }: BatchArguments, args: readonly number[]): number | undefined {
    const gathered = this.#gathered;
    if (
      first !== undefined &&
      !gathered.has(args[first]) &&
      this.#heap.sizes.get(args[first])! <= MOST_GATHERED
    ) {
      gathered.add(args[first]);
    }
    for (const piece of gathered) {
      if (args[room[0]] > piece && args[room[0]] < piece + this.#heap.sizes.get(piece)!) return piece;
    }
    return undefined;
  }

  /** On each helper, with memory of its own: what it reads is there, and others do not read what it writes. */
  #runEach(number: number, batch: BatchArguments, room: number, args: readonly number[]): void {
    if (!this.#pending) this.#chain = EACH;
    if (this.#failure) throw this.#failure;
    for (let t = 1; t < this.count; t++) {
      const list = [...args];
      this.#moveToOwn(t, batch, room, list);
      this.#pending = true;
      this.#post(t, number, list);
    }
  }

  #moveToOwn(
    thread: number,
    { room: places, pieces = [] }: BatchArguments,
    room: number,
    args: number[],
  ): void {
    for (const k of places) args[k] += this.#copyFor(thread, room) - room;
    for (const k of pieces) args[k] = this.#copyFor(thread, args[k]);
  }

  /** Scratch memory of a helper that stands for the piece at `address`: zero at first, freed with it. */
  #copyFor(thread: number, address: number): number {
    const heap = this.#heap;
    let copies = this.#copies.get(address);
    if (!copies) this.#copies.set(address, (copies = []));
    while (copies.length < thread) copies.push(heap.allocate(heap.sizes.get(address)!));
    return copies[thread - 1];
  }

  #freeCopies(address: number): void {
    const copies = this.#copies.get(address) ?? [];
    this.#copies.delete(address);
    for (const copy of copies) this.#heap.free(copy);
  }

  #cutOf(division: Division, args: readonly number[], count: number): Cut | null {
    if (division.cut) return division.cut(args, this.count, this.#heap);
    const [cuts, make] = division.of === 'rows' ? [this.#rowCuts, cutRows] : [this.#weightCuts, cutWeights];
    let cut = cuts.get(count);
    if (!cut) cuts.set(count, (cut = make(count, this.count)));
    return cut;
  }

  #post(thread: number, number: number, args: readonly number[]): void {
    const cells = this.#cells;
    const { POSTED, ASLEEP } = this.#places[thread];
    const posted = this.#posted[thread];
    if (((posted - this.#known[thread]) | 0) >= SLOTS) this.#waitFor(thread);
    this.#commands[thread].write(posted, number, args);
    this.#posted[thread] = (posted + 1) | 0;
    Atomics.store(cells, POSTED, this.#posted[thread]);
    if (Atomics.load(cells, ASLEEP) === 1) Atomics.notify(cells, POSTED);
  }

  /** Waits for all that was posted. E_THREAD where a helper has failed. */
  #settle(): void {
    this.#chain = NO_CHAIN;
    if (this.#pending) {
      for (let t = this.count - 1; t > 0; t--) this.#waitFor(t);
      this.#pending = false;
    }
    if (this.#failure) throw this.#failure;
  }

  /** Until a helper's commands are done; those that it has not begun are done here. */
  #waitFor(thread: number): void {
    const cells = this.#cells;
    const { DONE, BUSY, ASLEEP } = this.#places[thread];
    const posted = this.#posted[thread];
    let start = 0;
    let looks = 0;
    for (let turn = 1; Atomics.load(cells, DONE) !== posted; turn++) {
      const mayBegin = turn > PATIENCE || Atomics.load(cells, ASLEEP) === 1;
      if (mayBegin && Atomics.compareExchange(cells, BUSY, 0, 1) === 0) {
        this.#doCommands(thread);
        Atomics.store(cells, BUSY, 0);
      } else if (turn % 64 === 0) {
        const now = performance.now();
        start ||= now;
        if (now - start < SPIN_MS) continue;
        const sleeps = MAY_SLEEP && this.#sleepWhile(BUSY);
        if (!sleeps && now - start < LOOK_MS) continue;
        this.#look(thread, ++looks);
        start = now;
      }
    }
    this.#known[thread] = posted;
  }

  #doCommands(thread: number): void {
    const { DONE } = this.#places[thread];
    for (let done = Atomics.load(this.#cells, DONE); done !== this.#posted[thread];) {
      const [kernel, args] = this.#commands[thread].read(done);
      this.#kernels[kernel](...args);
      done = (done + 1) | 0;
      Atomics.store(this.#cells, DONE, done);
    }
  }

  /** False where the time was up. */
  #sleepWhile(busy: number): boolean {
    const cells = this.#cells;
    Atomics.store(cells, CALLER_ASLEEP, 1);
    const ended = Atomics.wait(cells, busy, 1, LOOK_MS);
    Atomics.store(cells, CALLER_ASLEEP, 0);
    return ended !== 'timed-out';
  }

  #look(thread: number, looks: number): void {
    if (Atomics.load(this.#cells, this.#places[thread].FAILED) === 1) this.#fail('a kernel failed');
    else if (!this.#helpers[thread - 1].isAlive()) this.#fail('it ended');
    else if (looks > MOST_LOOKS) this.#fail('it did not answer for a minute');
    if (this.#failure) throw this.#failure;
  }

  #fail(reason: string): void {
    if (this.#ended) return;
    this.#failure ??= new this.#tools.DactylError(
      'E_THREAD',
      `A thread that helped with training has gone (${reason}), amid a step: what the weights are now is undefined. Train anew, or resume from a checkpoint.`,
    );
  }
}

function chainOf(of: 'rows' | 'weights' | 'own', count: number): number {
  if (of === 'rows') return Math.ceil(count / 4);
  return of === 'weights' ? WEIGHTS : NO_CHAIN;
}

/** What was found out goes for an engine's next team, too. */
const choices = new WeakMap<Heap, Choice>();

function choiceFor(heap: Heap): Choice {
  const choice = choices.get(heap) ?? new Choice();
  choices.set(heap, choice);
  return choice;
}

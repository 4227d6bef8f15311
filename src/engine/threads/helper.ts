/**
 * What a helping thread runs, as text: Node takes it as it is, a page as a blob, and bundlers leave it alone. Commands lie in a ring of `slots`, each a kernel's number, the
 * number of its arguments, and these; `team.ts` says what the cells hold. Between commands it spins for `spin` milliseconds and then sleeps.
 */
export const HELPER = `
const inNode = typeof require === 'function';
const port = inNode ? require('node:worker_threads').parentPort : self;
port.onmessage = ({ data: { memory, modules, cells, words, places, first, slots, width, spin } }) => {
  const { CALLER_ASLEEP, POSTED, ASLEEP, FAILED, DONE, BUSY } = places;
  const cell = new Int32Array(cells);
  const word = new Float64Array(words);
  const kernels = modules.flatMap(({ module }) =>
    Object.values(new WebAssembly.Instance(module, { '': { '': memory } }).exports));
  const lists = Array.from({ length: width }, (_, length) => new Array(length).fill(0));
  const pause = Atomics.pause ?? (() => undefined);
  const waitForWork = () => {
    const start = performance.now();
    for (let turn = 1; ; turn++) {
      const posted = Atomics.load(cell, POSTED);
      if (posted !== Atomics.load(cell, DONE) && Atomics.load(cell, BUSY) === 0) return;
      pause();
      if (turn % 64 !== 0 || performance.now() - start < spin) continue;
      Atomics.store(cell, ASLEEP, 1);
      Atomics.wait(cell, POSTED, posted);
      Atomics.store(cell, ASLEEP, 0);
    }
  };
  port.postMessage('ready');
  try {
    for (;;) {
      waitForWork();
      if (Atomics.compareExchange(cell, BUSY, 0, 1) !== 0) continue;
      for (let done = Atomics.load(cell, DONE); done !== Atomics.load(cell, POSTED); ) {
        const at = first + (done & (slots - 1)) * width;
        if (word[at] < 0) {
          port.close();
          return;
        }
        const list = lists[word[at + 1]];
        for (let k = 0; k < list.length; k++) list[k] = word[at + 2 + k];
        kernels[word[at]].apply(undefined, list);
        done = (done + 1) | 0;
        Atomics.store(cell, DONE, done);
      }
      Atomics.store(cell, BUSY, 0);
      if (Atomics.load(cell, CALLER_ASLEEP) === 1) Atomics.notify(cell, BUSY);
    }
  } catch (error) {
    Atomics.store(cell, FAILED, 1);
    port.postMessage(String(error));
    port.close();
  }
};
`;

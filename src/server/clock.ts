/** Time, as the server sees it; tests move one of their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Does `work` every `ms` milliseconds until the function that it returns is called. Keeps no process alive. */
  every(ms: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  every(ms, work) {
    const timer = setInterval(work, ms);
    timer.unref();
    return () => {
      clearInterval(timer);
    };
  },
};

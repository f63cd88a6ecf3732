/** A bell: who waits for it goes on when it is rung. */

export interface Bell {
  ring(): void;
  /** Resolves at the next ring. */
  rung(): Promise<void>;
}

export function createBell(): Bell {
  let waiting: (() => void)[] = [];
  return {
    ring() {
      const all = waiting;
      waiting = [];
      for (const wake of all) wake();
    },
    rung: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

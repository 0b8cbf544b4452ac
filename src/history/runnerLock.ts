/** A lock that one runner holds at a time, such as an advisory lock of PostgreSQL. */
export type RunnerLock = {
  /** Takes the lock; returns undefined if another runner holds it. */
  readonly tryAcquire: () => Promise<HeldLock | undefined>;
};

/** A lock that this runner holds. */
export type HeldLock = {
  /** Returns whether the lock is still held: a lost connection loses it. */
  readonly isHeld: () => boolean;
  /** Gives the lock to the next runner. */
  readonly release: () => Promise<void>;
};

/** The hold of a runner on its lock, which it takes again after it was lost. */
export type LockHold = {
  /** Takes the lock unless it is held; returns whether it is. Without a lock every runner may work. */
  readonly take: () => Promise<boolean>;
  /** Releases the lock if it is held. */
  readonly release: () => Promise<void>;
};

export function lockHold(lock: RunnerLock | undefined): LockHold {
  let held: HeldLock | undefined;
  const release = async () => {
    const before = held;
    held = undefined;
    // A lock that cannot be released was lost with its connection.
    await before?.release().catch(() => undefined);
  };
  const take = async () => {
    if (lock === undefined || held?.isHeld()) return true;
    await release();
    held = await lock.tryAcquire();
    return held !== undefined;
  };
  return { take, release };
}

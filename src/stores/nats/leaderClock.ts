// The clock of the stream's leader, as this program last saw it. The answer to a publish has no time, but the next message
// of the account says when the one before was recorded (`notBefore`). A program that dates its messages itself need not
// read them.

/** The clock of the leader. The clock of the program's own machine may be wrong: only its progress is used. */
export type LeaderClock = {
  /** Returns the leader's time, not later than it is; undefined if the clock was not seen in the last minute. */
  readonly time: () => string | undefined;
  /** Returns whether the clock is to be looked at again. */
  readonly isOld: () => boolean;
  /** Records that the leader's clock showed a time shortly before an instant of this program. */
  readonly see: (time: string, before: OwnInstant) => void;
};

/** An instant of this program, on both of its clocks. */
export type OwnInstant = {
  /** The steady clock, which stands still while the machine sleeps, in milliseconds. */
  readonly steadyMs: number;
  /** The clock of the machine, which can be set, in milliseconds since 1970. */
  readonly setMs: number;
};

/** For how long the clock is used after it was seen, in milliseconds: clocks drift by some hundredths of a second in it. */
const USED_MS = 60_000;

/** After how long it is looked at again, in milliseconds. */
const OLD_MS = 10_000;

/** How far the two clocks of this program may differ in their progress before neither is trusted, in milliseconds. */
const APART_MS = 100;

/** Returns the present instant of this program. */
export function ownInstant(): OwnInstant {
  return { steadyMs: performance.now(), setMs: Date.now() };
}

/** Returns a clock that was not seen yet. */
export function leaderClock(): LeaderClock {
  let seen: (OwnInstant & { readonly leaderMs: number }) | undefined;
  /** The time since the clock was seen; infinite if unknown. */
  const sinceMs = () => {
    if (seen === undefined) return Number.POSITIVE_INFINITY;
    const { steadyMs, setMs } = ownInstant();
    const isTrusted = Math.abs(setMs - seen.setMs - (steadyMs - seen.steadyMs)) < APART_MS;
    return isTrusted ? steadyMs - seen.steadyMs : Number.POSITIVE_INFINITY;
  };
  return {
    time: () => {
      const since = sinceMs();
      if (seen === undefined || since > USED_MS) return undefined;
      return new Date(seen.leaderMs + since).toISOString();
    },
    isOld: () => sinceMs() > OLD_MS,
    see: (time, before) => {
      seen = { ...before, leaderMs: Date.parse(time) };
    },
  };
}

import { emptyAccount, fold, type PatronAccount } from 'patron-fees';
import { type StreamId, streamName } from 'patron-fees/history';
import { type EventLine, faultOf } from './eventLine.js';
import type { OnFault } from './eventSource.js';
import { divided, PARTS } from './eventsByAccount.js';
import type { Terminal } from './terminal.js';

/** An account after its events; after a fault, before the event that did not fit. */
export type FoldedAccount = {
  /** Null in a file that does not say whose account it is. */
  readonly stream: StreamId | null;
  readonly version: number;
  readonly account: PatronAccount;
  readonly isFaulty: boolean;
};

/** Events that are folded at once: each folding copies the account. */
const BATCH = 1_000;

/** Folds the events of a source, account by account. */
export async function* foldedAccounts(
  terminal: Terminal,
  source: string,
  lines: AsyncIterable<EventLine>,
  onFault: OnFault,
): AsyncGenerator<FoldedAccount> {
  const own = folding(source, null, onFault);
  // The events of one account need not be divided, however many they are.
  const others = async function* () {
    for await (const line of lines)
      if (line.stream === null) await own.add(line);
      else yield line;
  };
  const parts = await divided(others());
  try {
    const single = await own.end();
    if (single !== undefined) yield single;
    const count = parts.isLarge ? PARTS : 1;
    for (let index = 0; index < count; index++) {
      terminal.signal.throwIfAborted();
      const accounts = new Map<string, Folding>();
      for await (const line of parts.part(index, count)) {
        const name = streamName(line.stream as StreamId);
        const account = accounts.get(name) ?? folding(source, line.stream, onFault);
        accounts.set(name, account);
        await account.add(line);
      }
      for (const account of accounts.values()) {
        const folded = await account.end();
        if (folded !== undefined) yield folded;
      }
    }
  } finally {
    await parts.remove();
  }
}

type Folding = {
  readonly add: (line: EventLine) => Promise<void>;
  readonly end: () => Promise<FoldedAccount | undefined>;
};

function folding(source: string, stream: StreamId | null, onFault: OnFault): Folding {
  let account = emptyAccount();
  let waiting: EventLine[] = [];
  let version = 0;
  let isFaulty = false;
  const foldWaiting = async () => {
    const lines = waiting;
    waiting = [];
    const after = (count: number) =>
      fold(
        lines.slice(0, count).map(({ event }) => event),
        account,
      );
    try {
      account = after(lines.length);
    } catch (error) {
      isFaulty = true;
      // Halves what is left, until it is known which event does not fit.
      let [fits, fails] = [0, lines.length];
      let why = error;
      while (fails - fits > 1) {
        const middle = (fits + fails) >> 1;
        try {
          after(middle);
          fits = middle;
        } catch (earlier) {
          why = earlier;
          fails = middle;
        }
      }
      account = after(fits);
      await onFault(faultOf(source, lines[fits] as EventLine, why));
    }
  };
  return {
    async add(line) {
      if (isFaulty) return;
      const expected = version + 1;
      // A purge leaves one event, at the version after those that it removed.
      if (line.version !== null && line.version !== expected && line.event.type !== 'AccountPurged') {
        await foldWaiting();
        if (isFaulty) return;
        isFaulty = true;
        const message = `expected version ${expected} of ${line.stream?.patronId ?? 'the account'}, found ${line.version}`;
        return onFault(faultOf(source, line, { code: 'VERSION_GAP', message }));
      }
      version = line.version ?? expected;
      if (waiting.push(line) === BATCH) await foldWaiting();
    },
    async end() {
      await foldWaiting();
      return version === 0 && !isFaulty ? undefined : { stream, version, account, isFaulty };
    },
  };
}

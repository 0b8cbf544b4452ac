import { emptyAccount, fold, type PatronAccount } from 'patron-fees';
import type { NamedStream, StreamKey } from 'patron-fees/history';
import { foldOfficeStream } from 'patron-fees/office';
import {
  type AccountLine,
  type EventLine,
  faultOf,
  idOfLine,
  isOfficeLine,
  type OfficeLine,
} from './eventLine.js';
import type { OnFault } from './eventSource.js';
import { divided, PARTS } from './eventsByAccount.js';
import type { Terminal } from './terminal.js';

/** An account after its events, or a stream of the office; after a fault, before the event that did not fit. */
export type FoldedAccount = {
  /** Null in a file that does not say whose account it is. */
  readonly stream: StreamKey | null;
  readonly version: number;
  /** Null for a stream of the office. */
  readonly account: PatronAccount | null;
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
        const name = JSON.stringify(line.stream);
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

function folding(source: string, stream: StreamKey | null, onFault: OnFault): Folding {
  let account = emptyAccount();
  const isOffice = isOfficeLine({ stream } as EventLine);
  let waiting: EventLine[] = [];
  let version = 0;
  let isFaulty = false;
  const foldWaiting = async () => {
    const lines = waiting;
    waiting = [];
    const after = (count: number) => {
      const chosen = lines.slice(0, count);
      if (!isOffice)
        return fold(
          (chosen as readonly AccountLine[]).map(({ event }) => event),
          account,
        );
      foldOfficeStream(
        stream as NamedStream,
        (chosen as readonly OfficeLine[]).map(({ event }) => event),
      );
      return account;
    };
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
        const message = `expected version ${expected} of ${idOfLine(line) ?? 'the account'}, found ${line.version}`;
        return onFault(faultOf(source, line, { code: 'VERSION_GAP', message }));
      }
      version = line.version ?? expected;
      // A stream of the office is folded at once, from its first event.
      if (waiting.push(line) >= BATCH && !isOffice) await foldWaiting();
    },
    async end() {
      await foldWaiting();
      return version === 0 && !isFaulty
        ? undefined
        : { stream, version, account: isOffice ? null : account, isFaulty };
    },
  };
}

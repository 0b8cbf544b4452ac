import { PatronFeesError } from '../../errors.js';
import type { EventStore } from '../../history/eventStore.js';
import type { OfficeStore } from '../../office/officeEvents.js';

/** The stores of a story. */
export type StoryStores = { readonly accounts: EventStore; readonly office: OfficeStore };

/** A process was killed. */
export class Killed extends Error {}

/** What becomes of a process. */
export type Fate = {
  /** The write at which it is killed, from 1 on; 0 if it lives. */
  readonly dies: number;
  /** Whether that write is stored. */
  readonly isStored: boolean;
  /** The accounts that it cannot read. */
  readonly unreadable: ReadonlySet<string>;
  /** Called before each write, with its number. */
  readonly beforeWrite?: (write: number) => Promise<void>;
};

/** Returns the stores as one process sees them. Once it is killed, it reads and writes nothing more. */
export function storesOfProcess(
  { accounts, office }: StoryStores,
  fate: Fate,
): StoryStores & { readonly isDead: () => boolean } {
  let writes = 0;
  let isDead = false;
  const alive = () => {
    if (isDead) throw new Killed('killed');
  };
  type Append<Given extends unknown[], Done> = (...given: Given) => Promise<Done>;
  const mortal = <Given extends unknown[], Done>(append: Append<Given, Done>): Append<Given, Done> => {
    return async (...given) => {
      alive();
      writes += 1;
      const write = writes;
      await fate.beforeWrite?.(write);
      alive();
      if (write !== fate.dies) return append(...given);
      isDead = true;
      if (fate.isStored) await append(...given).catch(() => undefined);
      throw new Killed('killed');
    };
  };
  const living = <Given extends unknown[], Done>(read: (...given: Given) => Promise<Done>) => {
    return async (...given: Given): Promise<Done> => {
      alive();
      return read(...given);
    };
  };
  return {
    isDead: () => isDead,
    accounts: {
      ...accounts,
      append: mortal(accounts.append),
      read: living(async (stream, options) => {
        if (fate.unreadable.has(stream.patronId)) throw new PatronFeesError('CORRUPT_HISTORY', 'unreadable');
        return accounts.read(stream, options);
      }),
    },
    office: { ...office, append: mortal(office.append), read: living(office.read) },
  };
}

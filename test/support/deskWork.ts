import { isDeepStrictEqual } from 'node:util';
import { type EventStore, execute, type StreamId } from '../../src/history/index.js';
import { type AccountEvent, type Command, definePolicy, fold } from '../../src/index.js';
import { violations } from '../../src/testing/index.js';

const at = '2026-03-02T09:00:00Z';

export const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });

/** The accounts that all desks share, so that their appends conflict. */
export const streams: readonly StreamId[] = ['p0', 'p1', 'p2'].map((patronId) => ({
  institution: 'north',
  patronId,
}));

/** Returns the nth command of a desk, and its account. */
export function workOf(desk: string, n: number): { readonly stream: StreamId; readonly command: Command } {
  const stream = streams[n % streams.length] as StreamId;
  const id = `${desk}-${n}`;
  const command: Command =
    n % 6 < 3
      ? { type: 'AssessFee', id, feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at }
      : { type: 'ReceivePayment', id, amount: '1.75', method: 'CASH', at };
  return { stream, command };
}

/**
 * Executes commands one after the other while `goesOn` returns true; retries a command that fails, as a client does.
 *
 * @param acknowledge - called with the id of each acknowledged command
 */
export async function workAtDesk(
  store: EventStore,
  desk: string,
  from: number,
  goesOn: () => boolean,
  acknowledge: (id: string) => void,
): Promise<number> {
  let n = from;
  while (goesOn()) {
    const { stream, command } = workOf(desk, n);
    try {
      const { decision } = await execute(store, policy, stream, command, { retry: { attempts: 1000 } });
      if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
      acknowledge(command.id);
      n += 1;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return n;
}

/** Returns the faults of a store after the commands of all desks. */
export async function faultsAfter(
  store: EventStore,
  acknowledged: Iterable<string>,
  state: 'in use' | 'at rest' = 'in use',
): Promise<readonly string[]> {
  const faults: string[] = [];
  const times = new Map<string, number>();
  const inStreams = new Map<string, AccountEvent[]>();
  for (const stream of streams) {
    const events = (await store.read(stream)).events.map(({ event }) => event);
    inStreams.set(stream.patronId, events);
    for (const id of new Set(commandsOf(events))) times.set(id, (times.get(id) ?? 0) + 1);
    for (const violation of violations(fold(events))) faults.push(JSON.stringify(violation));
    // Each of these commands is one event.
    if (new Set(commandsOf(events)).size !== events.length) faults.push(`${stream.patronId} has duplicates`);
  }
  for (const id of acknowledged) {
    if (times.get(id) !== 1) faults.push(`${id} was acknowledged but is stored ${times.get(id) ?? 0} times`);
  }
  const all = (await store.readAll()).events;
  for (const [patronId, events] of inStreams) {
    const inAll = all.filter((event) => event.patronId === patronId).map(({ event }) => event);
    // While others write, one of the two reads may have more events.
    const length = state === 'at rest' ? undefined : Math.min(inAll.length, events.length);
    if (!isDeepStrictEqual(inAll.slice(0, length), events.slice(0, length)))
      faults.push(`${patronId} differs in readAll`);
  }
  return faults;
}

function commandsOf(events: readonly AccountEvent[]): string[] {
  return events.map(({ metadata }) => String(metadata?.commandId));
}

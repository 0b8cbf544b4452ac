import type { Attributes } from '@opentelemetry/api';
import { commandSchemas } from '../account/commands/parseCommand.js';
import type { Decision } from '../account/decision.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import {
  type CommandObserver,
  type EventStore,
  type ObservedCommand,
  type ReadAppendStore,
  type StreamId,
  typesOf,
} from '../history/eventStore.js';
import { type StoreTransaction, storeTransaction } from '../history/execute.js';
import { recentAccountsOf, rememberAccountsIn } from '../history/loadAccount.js';
import {
  countingAppends,
  type Instruments,
  measured,
  measuredNow,
  noteAppend,
  type Operation,
} from './instruments.js';

/** A store that can also read and append in a transaction. */
type InTransactions = {
  readonly within?: (connection: never) => ReadAppendStore;
  readonly transaction?: (
    accounts: readonly StreamId[],
    task: (transaction: StoreTransaction) => unknown,
  ) => Promise<unknown>;
};

/** Returns a store that reports its appends and loads, and the commands on its accounts. */
export function observedStore<Store extends EventStore>(store: Store, instruments: Instruments): Store {
  const { within, transaction } = store as InTransactions;
  const inTransactions: InTransactions = {
    ...(within && { within: (connection) => observed(within(connection), instruments) }),
    ...(transaction && {
      transaction: async (accounts, task) => {
        const appended: AccountEvent[] = [];
        const result = await transaction(accounts, (streams) =>
          task(observedTransaction(streams, instruments, (events) => appended.push(...events))),
        );
        countEvents(instruments, appended);
        return result;
      },
    }),
  };
  const copy: Store = {
    ...store,
    ...observedStreams(store, instruments),
    ...inTransactions,
  };
  return rememberAccountsIn(copy, (stream) => recentAccountsOf(store, stream));
}

function observed(store: ReadAppendStore, instruments: Instruments): ReadAppendStore {
  return { ...store, ...observedStreams(store, instruments) };
}

function observedStreams(store: ReadAppendStore, instruments: Instruments): Required<ReadAppendStore> {
  return {
    read: (stream, options) =>
      measured(instruments, operationOn('load', stream), () => store.read(stream, options)),
    append: (stream, events, options) => {
      noteAppend();
      return measured(instruments, operationOn('append', stream), async () => {
        const appended = await store.append(stream, events, options);
        countEvents(instruments, events);
        return appended;
      });
    },
    observeCommand: commandObserver(instruments),
  };
}

/** Returns the functions of a transaction, which report what they do. */
function observedTransaction(
  { read, append }: StoreTransaction,
  instruments: Instruments,
  onAppend: (events: readonly AccountEvent[]) => void,
): StoreTransaction {
  const transaction = storeTransaction({
    read: (stream, options) =>
      measuredNow(instruments, operationOn('load', stream), () => read(stream, options)),
    append: (stream, events, options) =>
      measuredNow(instruments, operationOn('append', stream), () => {
        const appended = append(stream, events, options);
        onAppend(events);
        return appended;
      }),
  });
  return {
    ...transaction,
    execute: (policy, stream, command, options) => {
      const operation = commandOperation({ institution: stream?.institution, types: typesOf(command) });
      return measuredNow(instruments, operation, (add) => {
        const count = countedCommand(instruments, operation.attributes);
        try {
          const executed = transaction.execute(policy, stream, command, options);
          add(count.outcome(executed.decision));
          instruments.attempts.record(executed.decision.events.length > 0 ? 1 : 0, operation.attributes);
          return executed;
        } finally {
          count.end();
        }
      });
    },
  };
}

/** Returns the operation on a stream. */
function operationOn(name: 'load' | 'append', stream: StreamId): Operation {
  return { name, attributes: {}, details: { 'patron_fees.institution': nameOf(stream?.institution) } };
}

function countEvents({ events: stored }: Instruments, events: readonly { readonly type: string }[]): void {
  for (const { type } of events) stored.add(1, { 'patron_fees.event': type });
}

/** Returns an institution, as far as it is a name: a span has at most this much of it. */
function nameOf(institution: unknown): string {
  return typeof institution === 'string' ? institution.slice(0, 200) : 'unknown';
}

function commandObserver(instruments: Instruments): CommandObserver {
  return (command, task) => {
    const operation = commandOperation(command);
    return measured(instruments, operation, async (add) => {
      const count = countedCommand(instruments, operation.attributes);
      try {
        const result = await countingAppends(task, (appends) =>
          instruments.attempts.record(appends, operation.attributes),
        );
        add(count.outcome(result.decision));
        return result;
      } finally {
        count.end();
      }
    });
  };
}

/** Returns the operation of a command. */
function commandOperation({ institution, types }: ObservedCommand): Operation {
  const kinds = [...new Set(types.map(typeOf))].sort();
  return {
    name: 'execute',
    attributes: { 'patron_fees.command': kinds.length === 1 ? String(kinds[0]) : 'several' },
    details: {
      'patron_fees.institution': nameOf(institution),
      'patron_fees.command.types': kinds,
      'patron_fees.command.count': types.length,
    },
  };
}

/** Counts a command by its outcome: an error, unless it was decided. */
function countedCommand({ commands }: Instruments, attributes: Attributes) {
  let outcome: Attributes = { 'patron_fees.outcome': 'error' };
  return {
    outcome: (decision: Decision) => {
      outcome = outcomeOf(decision);
      return outcome;
    },
    end: () => commands.add(1, { ...attributes, ...outcome }),
  };
}

/** The types of commands. One that a caller made up could be anything. */
let known: ReadonlySet<unknown> | undefined;

function typeOf(type: unknown): string {
  known ??= new Set(Object.keys(commandSchemas(2)));
  return known.has(type) ? (type as string) : 'unknown';
}

function outcomeOf(decision: Decision): Attributes {
  if (!decision.accepted)
    return { 'patron_fees.outcome': 'rejected', 'patron_fees.rejection': decision.rejection.type };
  return { 'patron_fees.outcome': decision.repeats === undefined ? 'accepted' : 'repeat' };
}

import type { Attributes } from '@opentelemetry/api';
import { commandSchemas } from '../account/commands/commandSchemas.js';
import type { Decision } from '../account/decision.js';
import type { EventStore, ReadAppendStore } from '../history/eventStore.js';
import type { CommandObserver } from '../history/observed.js';
import { recentAccountsOf, rememberAccountsIn } from '../history/recentAccounts.js';
import { countingAppends, type Instruments, measured, noteAppend } from './instruments.js';

/** A store that can also read and append in a transaction of the caller. */
type Within = { readonly within?: (connection: never) => ReadAppendStore };

/** Returns a store that reports its appends and loads, and the commands on its accounts. */
export function observedStore<Store extends EventStore>(store: Store, instruments: Instruments): Store {
  const { within } = store as Within;
  const copy: Store = {
    ...store,
    ...observedStreams(store, instruments),
    ...(within && { within: (connection: never) => observed(within(connection), instruments) }),
  };
  return recentAccountsOf(store) === undefined
    ? copy
    : rememberAccountsIn(copy, () => recentAccountsOf(store));
}

function observed(store: ReadAppendStore, instruments: Instruments): ReadAppendStore {
  return { ...store, ...observedStreams(store, instruments) };
}

function observedStreams(store: ReadAppendStore, instruments: Instruments): Required<ReadAppendStore> {
  const { events: stored } = instruments;
  return {
    read: (stream, options) => {
      const details = { 'patron_fees.institution': nameOf(stream?.institution) };
      return measured(instruments, { name: 'load', attributes: {}, details }, () =>
        store.read(stream, options),
      );
    },
    append: (stream, events, options) => {
      noteAppend();
      const details = { 'patron_fees.institution': nameOf(stream?.institution) };
      return measured(instruments, { name: 'append', attributes: {}, details }, async () => {
        const appended = await store.append(stream, events, options);
        for (const { type } of events) stored.add(1, { 'patron_fees.event': type });
        return appended;
      });
    },
    observeCommand: commandObserver(instruments),
  };
}

/** Returns an institution, as far as it is a name: a span has at most this much of it. */
function nameOf(institution: unknown): string {
  return typeof institution === 'string' ? institution.slice(0, 200) : 'unknown';
}

function commandObserver(instruments: Instruments): CommandObserver {
  const { commands, attempts } = instruments;
  return ({ institution, types }, task) => {
    const kinds = [...new Set(types.map(typeOf))].sort();
    const kind = kinds.length === 1 ? String(kinds[0]) : 'several';
    const details = {
      'patron_fees.institution': nameOf(institution),
      'patron_fees.command.types': kinds,
      'patron_fees.command.count': types.length,
    };
    const attributes = { 'patron_fees.command': kind };
    return measured(instruments, { name: 'execute', attributes, details }, async (add) => {
      let outcomes: Attributes = { ...attributes, 'patron_fees.outcome': 'error' };
      try {
        const result = await countingAppends(task, (count) => attempts.record(count, attributes));
        const outcome = outcomeOf(result.decision);
        outcomes = { ...attributes, ...outcome };
        add(outcome);
        return result;
      } finally {
        commands.add(1, outcomes);
      }
    });
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

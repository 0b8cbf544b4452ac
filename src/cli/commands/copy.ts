import {
  copyEvents,
  type EventStore,
  type StoredAccountEvent,
  type StreamId,
  type StreamKey,
} from 'patron-fees/history';
import { type EventLine, faultText, isOfficeLine, ofOffice } from '../eventLine.js';
import { type EventSource, openSource } from '../eventSource.js';
import {
  isStoreAddress,
  openOffice,
  openOfficeToAppend,
  openToAppend,
  withoutPassword,
} from '../openStore.js';
import { progressBar } from '../progressBar.js';
import { CliError, type ExitCode, print, type Terminal } from '../terminal.js';
import { exportEvents } from './exportEvents.js';

/** Whose events a file has that does not say so; the stores of offices. */
export type CopyOptions = {
  readonly institution?: string;
  readonly patron?: string;
  /** The store of the keys of both stores. */
  readonly keys?: string;
  /** The store of the office that belongs to the accounts, and the one to copy it to. */
  readonly office?: string;
  readonly toOffice?: string;
};

/**
 * Copies all events to another store, with their versions and times of recording; with those of the office, so that
 * the seals prove the copy. Events that the other store already has are compared, not written again: the same command
 * continues a copy that was interrupted.
 */
export async function copy(
  terminal: Terminal,
  from: string,
  to: string,
  options: CopyOptions,
): Promise<ExitCode> {
  const { keys, office, toOffice } = options;
  const namesOwner = (options.institution ?? options.patron) !== undefined;
  const isFile = !isStoreAddress(to);
  if (isFile && !/^jsonl:./.test(to))
    throw new CliError(`${withoutPassword(to)}: expected a store, or jsonl:FILE.`);
  if (namesOwner && (isFile || isStoreAddress(from))) throw new CliError(OF_BARE_EVENTS);
  const areOffices = office !== undefined && toOffice !== undefined;
  if (!areOffices && (office ?? toOffice) !== undefined) throw new CliError(OF_OFFICES);
  if (areOffices && (isFile || !isStoreAddress(from))) throw new CliError(OF_OFFICES);
  if (isFile)
    return exportEvents(terminal, from, {
      output: to.slice('jsonl:'.length),
      stopsAtFault: true,
      ...(keys !== undefined && { keys }),
    });
  const opened: { readonly close: () => Promise<void> }[] = [];
  const kept = async <Opened extends (typeof opened)[number]>(opening: Promise<Opened>): Promise<Opened> => {
    const one = await opening;
    opened.unshift(one);
    return one;
  };
  try {
    const source = await kept(openSource(terminal, from, keys));
    const ownOffice = areOffices ? await kept(openOffice(office)) : null;
    const target = await kept(openToAppend(to, true, keys));
    const store = source.store ?? storeOfFile(source, options);
    const events = await copyStore(terminal, store, target.store, source.store !== null);
    await print(terminal, `${events} events are in ${withoutPassword(to)}\n`);
    if (ownOffice !== null && toOffice !== undefined) {
      // Opened after the accounts are there: a store of accounts, empty before, is not taken for that of an office.
      const copied = await kept(openOfficeToAppend(toOffice));
      const ofOffice = await copyStore(terminal, ownOffice.store, copied.store, true);
      await print(terminal, `${ofOffice} events of the office are in ${withoutPassword(toOffice)}\n`);
    }
  } finally {
    for (const { close } of opened) await close();
  }
  return 0;
}

/** Copies the events of a store, and returns their number. */
async function copyStore<Event, Id extends StreamKey>(
  terminal: Terminal,
  from: EventStore<Event, Id>,
  to: EventStore<Event, Id>,
  showsProgress: boolean,
): Promise<number> {
  const progress = progressBar(terminal, { unit: 'events' });
  let done = 0;
  try {
    const { events } = await copyEvents(from, to, {
      onProgress: ({ events }) => {
        // An append is whole or not there: between two pages nothing is half done.
        terminal.signal.throwIfAborted();
        if (showsProgress) progress.add(events - done);
        done = events;
      },
    });
    return events;
  } finally {
    progress.stop();
  }
}

/** Accounts without their office have no tills, receipts and seals; a file has accounts only. */
const OF_OFFICES =
  '--office STORE and --to-office STORE are the stores of the office, from and to, beside two stores of accounts.';

/** Otherwise a copy of one patron's events, as `export --patron` makes it, would silently be one of everybody's. */
const OF_BARE_EVENTS =
  '--institution and --patron say whose the events of a file are that do not name it; a copy is of all patrons (export --patron writes those of one).';

/** A file as a store that is read once, from its beginning to its end. */
function storeOfFile(source: EventSource, options: CopyOptions): EventStore {
  const lines = source.events((fault) => {
    throw new CliError(faultText(fault));
  });
  const versions = new Map<string, number>();
  let read = 0;
  const no = async () => {
    throw new CliError(`${source.name}: a stream does not begin at its first event.`);
  };
  return {
    async readAll({ limit = 500 } = {}) {
      const events: StoredAccountEvent[] = [];
      while (events.length < limit) {
        const { value, done } = await lines.next();
        if (done === true) break;
        events.push(storedEvent(value, source.name, options, versions));
      }
      read += events.length;
      return { events, cursor: String(read) };
    },
    read: no,
    append: no,
    accounts: no,
    close: async () => {},
  };
}

function storedEvent(
  eventLine: EventLine,
  name: string,
  { institution, patron: patronId }: CopyOptions,
  versions: Map<string, number>,
): StoredAccountEvent {
  if (isOfficeLine(eventLine)) throw new CliError(`${ofOffice(name)} ${OF_OFFICES}`);
  const { line, stream, version, recordedAt, event } = eventLine;
  const isNamed = institution !== undefined && patronId !== undefined;
  if (stream !== null && (institution ?? patronId) !== undefined)
    throw new CliError(`${name}:${line}: the event says whose it is. ${OF_BARE_EVENTS}`);
  if (stream === null && !isNamed)
    throw new CliError(
      `${name}:${line}: the event does not say whose it is: give --institution and --patron.`,
    );
  const place = stream ?? { institution: String(institution), patronId: String(patronId) };
  return {
    ...place,
    version: version ?? counted(place, versions),
    recordedAt: recordedAt ?? event.data.at,
    event,
  };
}

/** The version of an event that has none: its place among those of its account. */
function counted({ institution, patronId }: StreamId, versions: Map<string, number>): number {
  const key = JSON.stringify([institution, patronId]);
  const version = (versions.get(key) ?? 0) + 1;
  versions.set(key, version);
  return version;
}

import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import type { EventStore, StreamKey } from 'patron-fees/history';
import { type EventLine, faultOf, type LineFault, readEventLine } from './eventLine.js';
import { isStoreAddress, openOffice, openStore, withoutPassword } from './openStore.js';
import { progressBar } from './progressBar.js';
import { CliError, fileError, type Terminal } from './terminal.js';

/** Where events come from: a file of JSON lines, the standard input, or a store. */
export type EventSource = {
  /** As the user named it. */
  readonly name: string;
  /** The store of accounts; null for a file, and for the store of an office. */
  readonly store: EventStore | null;
  /** Reads all events once, in order. */
  readonly events: (onFault: OnFault) => AsyncGenerator<EventLine>;
  readonly close: () => Promise<void>;
};

/** Called with each line or event that cannot be read. */
export type OnFault = (fault: LineFault) => void | Promise<void>;

/** A longer line is no event, and must not fill the memory. */
const LINE_BYTES_MAX = 16_777_216;

/** Opens a source: a path, `jsonl:PATH`, `-` for the standard input, or the address of a store, with that of its keys. */
export async function openSource(terminal: Terminal, address: string, keys?: string): Promise<EventSource> {
  if (isStoreAddress(address)) {
    const { store, close } = await openStore(address, false, keys);
    const name = withoutPassword(address);
    if (!(await isReadable(store))) {
      const office = await openOffice(address);
      if (await isReadable(office.store)) {
        await close();
        return {
          name,
          store: null,
          close: office.close,
          events: (onFault) => eventsOf(terminal, name, office.store, onFault),
        };
      }
      await office.close();
    }
    return { name, store, close, events: (onFault) => eventsOf(terminal, name, store, onFault) };
  }
  const { input, name, size } = await openInput(terminal, address);
  return {
    name,
    store: null,
    close: async () => void input.destroy(),
    async *events(onFault) {
      const progress = progressBar(terminal, { unit: 'bytes', ...(size !== undefined && { total: size }) });
      try {
        yield* linesOf(input, name, onFault, progress.add);
      } finally {
        progress.stop();
      }
    },
  };
}

/** Returns whether the first event of a store, if it has any, is of the kind that it was opened for. */
async function isReadable<Event, Id extends StreamKey>(store: EventStore<Event, Id>): Promise<boolean> {
  const { unreadable = [] } = await store.readAll({ limit: 1, onUnreadable: 'list' });
  return unreadable.length === 0;
}

/** Opens a file, or the standard input for `-`. Its size in bytes is undefined for a pipe. */
export async function openInput(terminal: Terminal, address: string) {
  const path = address.replace(/^jsonl:/, '');
  const size = path === '-' ? undefined : await sizeOf(path);
  const input = path === '-' ? terminal.input : createReadStream(path);
  return {
    input: addAbortSignal(terminal.signal, input),
    name: path === '-' ? 'standard input' : path,
    size: size === 0 ? undefined : size,
  };
}

/** The size of a file in bytes; undefined for a pipe or device. Says why a file cannot be read before work begins. */
async function sizeOf(path: string): Promise<number | undefined> {
  if (path === '') throw new CliError('Expected a file or a store, found an empty name.');
  if (/^\w+:\/\//.test(path))
    throw new CliError(`${withoutPassword(path)}: expected a file, sqlite:FILE, postgres:URL or nats:URL.`);
  const found = await stat(path).catch((error) => {
    throw fileError(path, error);
  });
  if (found.isDirectory()) throw new CliError(`${path} is a folder, not a file.`);
  if (!found.isFile()) return undefined;
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6).finally(() => file.close());
  const begin = buffer.toString('hex', 0, bytesRead);
  // Without a mark at its beginning, every other byte of a Latin text in UTF-16 is zero.
  const marked = /^(?:00(?!00)|(?!00)..00)/.test(begin) ? 'fffe' : begin;
  const format = formats.find(([bytes]) => marked.startsWith(bytes));
  if (format !== undefined && /\.(xlsx|ods)$/i.test(path))
    throw new CliError(`${path} is a spreadsheet: save it as CSV in UTF-8.`);
  if (format !== undefined) throw new CliError(`${path} is ${format[1]}.`);
  return found.size;
}

/** What files are that cannot be read, by their first bytes. */
const formats = [
  ['1f8b', 'compressed: unpack it first, such as with gunzip'],
  ['504b0304', 'compressed: unpack it first, such as with unzip'],
  ['fffe', 'in UTF-16: expected UTF-8'],
  ['feff', 'in UTF-16: expected UTF-8'],
  ['53514c697465', 'a database: write sqlite:FILE'],
] as const;

async function* linesOf(
  input: Readable,
  source: string,
  onFault: OnFault,
  onBytes: (bytes: number) => void,
): AsyncGenerator<EventLine> {
  let number = 0;
  // The pieces of a line that goes on. Joined once: a line of many pieces would be copied for each.
  let begun: Buffer[] = [];
  let length = 0;
  const read = async (bytes: Buffer): Promise<EventLine | undefined> => {
    number += 1;
    const text = bytes.toString('utf8').replace(number === 1 ? /^\ufeff/ : /^$/, '');
    const result = isUtf8(bytes)
      ? readEventLine(text, number)
      : { column: text.indexOf('\ufffd') + 1, code: 'NOT_UTF8', message: 'expected UTF-8' };
    if ('event' in result) return result;
    await onFault({ source, line: number, patronId: null, version: null, ...result });
    return undefined;
  };
  for await (const piece of input) {
    const bytes = Buffer.from(piece);
    onBytes(bytes.length);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const event = await read(Buffer.concat([...begun, bytes.subarray(start, end)]));
      [begun, length, start] = [[], 0, end + 1];
      if (event !== undefined) yield event;
    }
    begun.push(bytes.subarray(start));
    length += bytes.length - start;
    if (length > LINE_BYTES_MAX) {
      const message = 'the line is longer than 16 MB; the rest was not read';
      const place = { source, line: number + 1, column: 1, patronId: null, version: null };
      return void (await onFault({ ...place, code: 'LINE_TOO_LONG', message }));
    }
  }
  if (length === 0) return;
  const event = await read(Buffer.concat(begun));
  if (event !== undefined) yield event;
}

async function* eventsOf<Event, Id extends StreamKey>(
  terminal: Terminal,
  source: string,
  store: EventStore<Event, Id>,
  onFault: OnFault,
): AsyncGenerator<EventLine> {
  const progress = progressBar(terminal, { unit: 'events' });
  try {
    for (let after: string | undefined; ; ) {
      terminal.signal.throwIfAborted();
      const page = await store.readAll({
        ...(after !== undefined && { after }),
        limit: 1_000,
        onUnreadable: 'list',
      });
      const { events, unreadable = [], cursor } = page;
      for (const { error, version, recordedAt, ...stream } of unreadable)
        await onFault(
          faultOf(source, { line: 0, stream, version, recordedAt } as unknown as EventLine, error),
        );
      for (const { version, recordedAt, event, ...stream } of events)
        yield { line: 0, stream, version, recordedAt, event } as unknown as EventLine;
      progress.add(events.length + unreadable.length);
      if (events.length + unreadable.length === 0) return;
      after = cursor;
    }
  } finally {
    progress.stop();
  }
}

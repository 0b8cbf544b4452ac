import * as v from 'valibot';
import { isPatronFeesError } from '../errors.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { cursorUnknown, type EventStore } from './eventStore.js';
import { cursorInvalid } from './storeArguments.js';

/**
 * The number of entries that are read of one part before the next one is read, so that a busy part does not delay the
 * others. In cursors: never change it, or lists would have another order than before.
 */
const TURN = 1_000;

/** The position in the lists of all parts. */
type Place = {
  /** The part whose turn it is, and the number of its entries that were read in this turn. */
  readonly turn: readonly [name: string, read: number];
  /** The cursors of the parts that were read. */
  readonly after: readonly (readonly [name: string, cursor: string])[];
};

const placeSchema = v.strictObject({
  turn: v.strictTuple([v.string(), wholeNumber(0)]),
  after: v.array(v.strictTuple([v.string(), v.string()])),
});

type PartPage<Entry> = { readonly entries: readonly Entry[]; readonly cursor: string };

/** Reads a page: of each part up to a number of entries in turn, until the page is full or all parts have ended. */
export async function readInTurns<Entry>(
  parts: ReadonlyMap<string, EventStore>,
  cursor: string | undefined,
  limit = Number.POSITIVE_INFINITY,
  readPart: (
    name: string,
    part: EventStore,
    which: { readonly after?: string; readonly limit: number },
  ) => Promise<PartPage<Entry>>,
  listed = parts,
): Promise<PartPage<Entry>> {
  const place = placeOf(parts, cursor);
  const cursors = new Map(place.after);
  const names = [...listed.keys()];
  let [name, read] = place.turn;
  const entries: Entry[] = [];
  const ended = new Set<string>();
  const next = () => {
    name = names[(names.indexOf(name) + 1) % names.length] as string;
    read = 0;
  };
  if (!listed.has(name)) next();
  while (entries.length < limit && ended.size < names.length) {
    const wanted = Math.min(TURN - read, limit - entries.length);
    const after = cursors.get(name);
    const which = { ...(after !== undefined && { after }), limit: wanted };
    const page = ended.has(name)
      ? undefined
      : await ofSplit(cursor, readPart(name, parts.get(name) as EventStore, which));
    if (page !== undefined) {
      for (const entry of page.entries) entries.push(entry);
      cursors.set(name, page.cursor);
      read += page.entries.length;
      if (page.entries.length < wanted) ended.add(name);
    }
    if (ended.has(name) || read === TURN) next();
  }
  const after = [...parts.keys()].flatMap((each): Place['after'] => {
    const reached = cursors.get(each);
    return reached === undefined ? [] : [[each, reached]];
  });
  return { entries, cursor: JSON.stringify({ turn: [name, read], after } satisfies Place) };
}

/** Reports an unknown cursor of a part as the cursor of the split store. */
async function ofSplit<Page>(cursor: string | undefined, page: Promise<Page>): Promise<Page> {
  try {
    return await page;
  } catch (error) {
    throw cursor !== undefined && isPatronFeesError(error, 'CURSOR_UNKNOWN') ? cursorUnknown(cursor) : error;
  }
}

function placeOf(parts: ReadonlyMap<string, EventStore>, cursor: string | undefined): Place {
  const [first] = parts.keys();
  if (cursor === undefined) return { turn: [first as string, 0], after: [] };
  const parsed = v.safeParse(placeSchema, jsonOf(cursor));
  if (parsed.success) {
    const { turn, after } = parsed.output;
    const isKnown = [turn, ...after].every(([name]) => parts.has(name));
    if (isKnown && turn[1] < TURN) return parsed.output;
  }
  throw cursorInvalid(cursor);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

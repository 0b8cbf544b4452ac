import { isPatronFeesError } from 'patron-fees';
import type { NamedStream } from 'patron-fees/history';
import { foldOfficeStream, type OfficeEvent } from 'patron-fees/office';
import { officePostings, type Posting } from 'patron-fees/reports';

/** An event of the office, and what came before it in its stream. */
export type OfficeStep = {
  readonly stream: NamedStream;
  readonly event: OfficeEvent;
  /** Why it was left out: it does not fit after the events before it. */
  readonly error: string | undefined;
  readonly postings: readonly Posting[];
  /** The events of the stream that fit, and how many of them there are before and after this one. */
  readonly events: readonly OfficeEvent[];
  readonly before: number;
  readonly after: number;
};

/** Plays the events of one stream of the office. An event that does not fit is left out. */
export function playOffice(stream: NamedStream, given: readonly OfficeEvent[]): readonly OfficeStep[] {
  const events = [...given];
  const errors: (string | undefined)[] = given.map(() => undefined);
  const positions = given.map((_, index) => index);
  for (let isFolded = false; !isFolded; ) {
    try {
      foldOfficeStream(stream, events);
      isFolded = true;
    } catch (error) {
      // The folds name the event by its position; without one, the stream as a whole cannot be folded.
      const { position = 1 } = isPatronFeesError(error)
        ? (error.details as { readonly position?: number })
        : {};
      const [left] = positions.splice(position - 1, 1);
      events.splice(position - 1, 1);
      errors[left as number] = error instanceof Error ? error.message : String(error);
      isFolded = events.length === 0;
    }
  }
  const postings = officePostings(stream, events);
  let before = 0;
  return given.map((event, index) => {
    const error = errors[index];
    const after = error === undefined ? before + 1 : before;
    const step = { stream, event, error, events, before, after };
    const posted = error === undefined ? (postings[before]?.postings ?? []) : [];
    before = after;
    return { ...step, postings: posted };
  });
}

/** A field of what a stream folds to, as text. */
type Field = { readonly name: string; readonly was: string; readonly is: string };

/** Returns the fields of what a stream folds to, before and after a step; none of a kind without a fold. */
export function officeFields({ stream, events, before, after }: OfficeStep): readonly Field[] {
  const [was, is] = [before, after].map((count) => {
    const state = count === 0 ? undefined : foldOfficeStream(stream, events.slice(0, count));
    return Object.entries(Object(state)).map(([name, value]) => [name, textOf(value)] as const);
  });
  const earlier = new Map(was);
  return (is ?? []).map(([name, text]) => ({ name, was: earlier.get(name) ?? '', is: text }));
}

function textOf(value: unknown): string {
  const plain = (_: string, each: unknown) => {
    if (each instanceof Map) return Object.fromEntries(each);
    return each instanceof Set ? [...each] : each;
  };
  return JSON.stringify(value, plain, 1) ?? '';
}

import { foldOfficeStream } from '../../src/office/foldOfficeStream.js';
import { type OfficeEvent, officeEvents } from '../../src/office/officeEvents.js';

/** Writes events of the office, one a line. */
export function officeLines(events: readonly OfficeEvent[]): string {
  return events.map((event) => `${officeEvents.encode(event)}\n`).join('');
}

/** Reads events of the office, one a line. */
export function officeEventsOf(lines: string): OfficeEvent[] {
  return lines.trimEnd().split('\n').map(officeEvents.decode);
}

/** Returns a stream of the office with what it folds to, as plain JSON; the names of its events if it has no fold. */
export function officeFigures(stream: string, events: readonly OfficeEvent[]): { readonly stream: string } {
  const folded = foldOfficeStream({ institution: 'north', stream }, events) ?? events.map(({ type }) => type);
  return plain({ stream, folded }) as { readonly stream: string };
}

function plain(state: unknown): unknown {
  return JSON.parse(
    JSON.stringify(state, (_, value) => (value instanceof Map || value instanceof Set ? [...value] : value)),
  );
}

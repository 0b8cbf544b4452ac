import type { Refused } from '../../account/decision.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { eventLine } from './eventLine.js';
import { allDifferences, type FieldDifference, namedDifferences } from './fieldDifferences.js';
import { fieldTable, shownValue } from './fieldTable.js';
import { clipped, sideBySide } from './sideBySide.js';

/**
 * Formats expected events beside actual ones, and the fields in which the first pair differs. Returns undefined if none
 * differs.
 */
export function eventTable(
  expected: readonly AccountEvent[],
  actual: readonly AccountEvent[],
): string | undefined {
  const length = Math.max(expected.length, actual.length);
  const pairs = Array.from({ length }, (_, index) => ({
    number: index + 1,
    expected: expected[index],
    actual: actual[index],
    differing: eventDifferences(expected[index], actual[index]),
  }));
  const first = pairs.find(({ differing }) => differing.length > 0);
  if (first === undefined) return undefined;
  const rows = pairs.map((pair) => ({
    label: String(pair.number),
    cells: clipped([shownEvent(pair.expected), shownEvent(pair.actual)]),
    differs: pair.differing.length > 0,
  }));
  const both = first.expected !== undefined && first.actual !== undefined;
  return [
    ...(expected.length === 0 ? [] : [`The events differ, first in event ${first.number}.`]),
    sideBySide('', ['expected', 'actual'], rows),
    ...(both ? [fieldTable(first.differing, `event ${first.number}`)] : []),
  ].join('\n\n');
}

/**
 * Compares metadata only if the expected event has any, and then only the given fields: tests rarely depend on a
 * digest.
 */
function eventDifferences(
  expected: AccountEvent | undefined,
  actual: AccountEvent | undefined,
): readonly FieldDifference[] {
  if (expected === undefined || actual === undefined) return [{ path: '', expected, actual }];
  const { metadata, ...facts } = expected;
  const { metadata: technical, ...happened } = actual;
  return [
    ...allDifferences(facts, happened),
    ...namedDifferences({ metadata: metadata ?? {} }, { metadata: technical ?? {} }),
  ];
}

function shownEvent(event: AccountEvent | undefined): string {
  return event === undefined ? '(nothing)' : eventLine(event);
}

/** Formats a refusal in one line, e.g. `FeeNotFound (feeId "f9")`, without fields that add no information. */
export function refusalLine({ rejection, commandIndex }: Refused): string {
  const { type, kind, ...fields } = rejection;
  const telling = Object.entries(fields).filter(([, value]) => value !== null);
  const list = telling.map(([name, value]) => `${name} ${shownValue(value)}`);
  const which = commandIndex === undefined ? '' : `, command ${commandIndex + 1} of the list`;
  return `${type}${list.length === 0 ? '' : ` (${list.join(', ')})`}${which}`;
}

import type { Refused } from '../../account/decision.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import {
  allDifferences,
  type FieldDifference,
  fieldTable,
  namedDifferences,
  shownValue,
} from './fieldDifferences.js';
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
  const relevant = Object.entries(fields).filter(([, value]) => value !== null);
  const list = relevant.map(([name, value]) => `${name} ${shownValue(value)}`);
  const which = commandIndex === undefined ? '' : `, command ${commandIndex + 1} of the list`;
  return `${type}${list.length === 0 ? '' : ` (${list.join(', ')})`}${which}`;
}

/** The fields that identify an event's subject, its own id first. The others distract a reader who compares events. */
const relevant = [
  'returnId',
  'disputeId',
  'cancellationId',
  'reversalId',
  'settlementId',
  'recallId',
  'paymentId',
  'waiverId',
  'transferId',
  'refundId',
  'applicationId',
  'creditId',
  'feeId',
  'amount',
  'feeType',
  'method',
  'cause',
  'purpose',
  'outcome',
  'destination',
] as const;

/** The fields that hold parts of an amount. */
const parts = ['allocations', 'overpayment', 'shortfall', 'setOff'] as const;

/** Formats an event in one line, e.g. `PaymentReceived p1 5.00 CASH allocations: f1 4.00, f2 1.00`. */
export function eventLine(event: AccountEvent): string {
  const data = Object(event.data) as Readonly<Record<string, unknown>>;
  const words = relevant.filter((name) => data[name] !== undefined).map((name) => shown(data[name]));
  const amounts = parts
    .filter((name) => data[name] !== undefined)
    .map((name) => `${name}: ${[data[name]].flat().map(shownPart).join(', ') || 'none'}`);
  return [event.type, ...words, ...amounts].join(' ');
}

function shownPart(part: unknown): string {
  const { feeId, creditId, amount } = Object(part) as Readonly<Record<string, unknown>>;
  return `${shown(feeId ?? creditId)} ${shown(amount)}`;
}

/** Formats a value. Quotes an id that could be mistaken for something else. */
function shown(value: unknown): string {
  return typeof value === 'string' && /^[\w.:#/-]+$/.test(value) ? value : (JSON.stringify(value) ?? '?');
}

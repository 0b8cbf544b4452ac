import fc from 'fast-check';

/** Values of every kind that fields have, valid and invalid ones. */
export const anyValue = fc.oneof(
  fc
    .jsonValue({ maxDepth: 1, noUnicodeString: true })
    .filter((value) => !/\p{Surrogate}/u.test(JSON.stringify(value))),
  fc.constantFrom<unknown>(
    ...['', '0', '0.0', '0.00', '5.00', '5.000', '5', '05', '1e3', ' 5', '100000000000', '9999999999.99'],
    ...[
      'USD',
      'DM',
      'desk',
      'manual',
      'imported',
      'refundable',
      'goodwill',
      'external',
      'MAIN',
      'whole',
      'rest',
      'waive',
    ],
    ...[
      'patronUpheld',
      'denied',
      '2026-03-02',
      '2026-02-30',
      '2026-03-02T09:00:00Z',
      '2026-03-02T09:00',
      '02-29',
      '13-01',
    ],
    ...[
      '09:00-17:00',
      '17:00-17:00',
      '24:00-25:00',
      'always',
      'Europe/Berlin',
      '+01:00',
      'day',
      'hour',
      'counted',
      'CASH',
    ],
    ...[0, 1, 7, 50, 101, -1, 1.5, true, false, null],
    ...[
      [],
      {},
      ['f1'],
      ['f1', 'f1'],
      [{ feeId: 'f1' }],
      [{ feeId: 'f1', amount: '5' }],
      { from: '2026-03-02' },
    ],
    ...['x'.repeat(190), 'x'.repeat(191), 'x'.repeat(201), 'x'.repeat(10_001), 'a\u0000'],
  ),
);

/** A change of an object: where, and to what. */
export type Change = { readonly place: number; readonly key: string; readonly value: unknown };

/** Replaces, adds or removes a field of an object or of one in it. */
export function changedBy(target: object, { place, key, value }: Change): object {
  const objects = objectsIn(target);
  const owner = objects[place % objects.length] as Record<string, unknown>;
  const keys = Object.keys(owner);
  const own = keys[(place >> 4) % keys.length] ?? 'note';
  if (key === 'removed') delete owner[own];
  else
    Object.defineProperty(owner, key === 'same' ? own : key, {
      value: structuredClone(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return target;
}

function objectsIn(value: unknown): object[] {
  return typeof value === 'object' && value !== null
    ? [value, ...Object.values(value).flatMap(objectsIn)]
    : [];
}

/** What {@link replacedAt} can put in the place of a field: undefined removes it, and `note` adds an unknown one. */
export const wrongValues = [undefined, 'note', null, -1, '', 'x', [], {}];

/** Returns a copy of a value in which all fields and entries at a depth are replaced, or only those of some places. */
export function replacedAt(
  value: unknown,
  depth: number,
  wrong: unknown,
  isMeant = (_place: string): boolean => true,
  place = '',
): unknown {
  if (depth === 0 && wrong !== 'note') return isMeant(place) ? wrong : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const entries = value.map((entry, index) =>
      replacedAt(entry, depth - 1, wrong, isMeant, `${place}[${index}]`),
    );
    return entries.filter((entry) => entry !== undefined);
  }
  const inside = (key: string) => (place === '' ? key : `${place}.${key}`);
  const fields = Object.entries(value).map(([key, field]) => [
    key,
    replacedAt(field, depth - 1, wrong, isMeant, inside(key)),
  ]);
  return { ...Object.fromEntries(fields), ...(depth === 0 && isMeant(inside('note')) && { note: 1 }) };
}

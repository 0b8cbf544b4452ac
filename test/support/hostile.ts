/** Amounts that no currency has, as attackers, other programs and typing errors write them. */
export const hostileAmounts: readonly { readonly name: string; readonly amount: unknown }[] = [
  ...[
    '1e9',
    '1e3',
    '٣',
    '３',
    '0x1',
    '0b1',
    '-0',
    '-0.00',
    '-1',
    '+1',
    ' 1',
    '1 ',
    '\n1',
    '',
    ' ',
    '1.00005',
    '1,00',
  ],
  ...[
    '1_000',
    '1.2.3',
    'NaN',
    'Infinity',
    '-Infinity',
    'null',
    'undefined',
    '[object Object]',
    '1\u0000',
    '$1.00',
  ],
  ...['\u200b1', '１.００', '1/2', '9'.repeat(10_000), `0.${'0'.repeat(10_000)}1`, '\ud800'],
  ...[1, 1.5, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, 12n, true, false, null, undefined, Symbol('1.00')],
  ...[
    {},
    [],
    ['1.00'],
    [1],
    { toString: () => '1.00' },
    { valueOf: () => 1 },
    new String('1.00'),
    () => '1.00',
  ],
].map((amount) => ({ name: named(amount), amount }));

/** Ids that other programs stumble over and this one takes. */
export const strangeIds = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '17',
  '0',
  '-1',
  '1e3',
  ' ',
  'null',
  'undefined',
  '٣',
  'a#1',
  '😀',
  'e\u0301',
  'x'.repeat(190),
];

/** What is no id. */
export const badIds: readonly { readonly name: string; readonly id: unknown }[] = [
  ...['', 'x'.repeat(10_000), 'a\u0000b', '\u0000', '\ud800', 'a\udc00', '\udc00\ud800'],
  ...[null, 17, 17n, true, {}, ['f1'], { toString: () => 'f1' }, Symbol('f1'), new String('f1'), () => 'f1'],
].map((id) => ({ name: named(id), id }));

/** Shows a hostile value in a title, shortly. */
function named(value: unknown): string {
  if (typeof value === 'string') {
    const text = value.length > 20 ? `${value.slice(0, 20)}… of ${value.length} characters` : value;
    return JSON.stringify(text);
  }
  if (Array.isArray(value)) return `[${value.map(named).join()}]`;
  if (typeof value === 'object' && value !== null)
    return `object with ${Object.keys(value).join() || 'no fields'}`;
  return typeof value === 'function' ? 'function' : `${typeof value} ${String(value)}`;
}

import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountEvents,
  decodeEvent,
  decodeEvents,
  encodeEvent,
  encodeEvents,
  parseEvent,
  recordedEventOf,
  streamOf,
} from '../../src/history/codec.js';
import { type AccountEvent, type Fault, isPatronFeesError } from '../../src/index.js';
import { goldenEvent, goldenEvents } from '../support/goldenEvents.js';
import { tried } from '../support/seeded.js';

const invalid = (details: object) =>
  expect.objectContaining({ code: 'INVALID_EVENT', details: expect.objectContaining(details) });

describe('an event as JSON text', () => {
  it.each(goldenEvents.map((event) => [event.type, event] as const))('returns a %s unchanged', (_, event) => {
    expect(decodeEvent(encodeEvent(event))).toStrictEqual(event);
    expect(encodeEvent(decodeEvent(encodeEvent(event)))).toBe(encodeEvent(event));
  });

  it('keeps every character of ids and free text', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((id) => !id.includes('\u0000'));
    fc.assert(
      fc.property(name, fc.string({ unit: 'binary' }), (feeId, comment) => {
        const event: AccountEvent = {
          type: 'FeeDisputed',
          data: { disputeId: 'd', feeId, comment, at: '2026-03-02T09:00Z' },
        };
        expect(encodeEvent(event)).not.toContain('\n');
        expect(decodeEvent(encodeEvent(event))).toStrictEqual(event);
      }),
      tried(1000),
    );
  });

  it('keeps digits beyond the precision of a number', () => {
    const event = {
      ...goldenEvent('FeeDisputed'),
      data: { ...goldenEvent('FeeDisputed').data, feeId: '9007199254740993' },
    };
    expect(decodeEvent(encodeEvent(event)).data).toHaveProperty('feeId', '9007199254740993');
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"FeeAssessed"',
    '{"type":"FeeAssessed"}',
    '{"type":"NoSuchEvent","data":{}}',
    'undefined',
  ])('is refused when it is %j', (text) => {
    expect(() => decodeEvent(text)).toThrow(invalid({ faults: expect.anything() }));
  });

  it('is refused if it is not a string', () => {
    expect(() => decodeEvent(undefined as never)).toThrow(invalid({}));
    expect(() => decodeEvent(Symbol('text') as never)).toThrow(invalid({}));
  });

  it('is not written for an invalid event', () => {
    expect(() => encodeEvent({ ...goldenEvent('FeeWaived'), data: {} } as never)).toThrow(invalid({}));
    expect(() => encodeEvent(undefined as never)).toThrow(invalid({}));
  });
});

describe('events as NDJSON', () => {
  it('are returned in the same order, one per line', () => {
    const text = encodeEvents(goldenEvents);
    expect(text.split('\n')).toHaveLength(goldenEvents.length + 1);
    expect(decodeEvents(text)).toStrictEqual(goldenEvents);
  });

  it('may be empty', () => {
    expect(encodeEvents([])).toBe('');
    expect(decodeEvents('')).toEqual([]);
  });

  it('are a string', () => {
    expect(() => decodeEvents(undefined as never)).toThrow('INVALID_ARGUMENT: text: missing (expected text)');
  });

  it('may have CRLF line ends, and a last line without an end', () => {
    const text = encodeEvents(goldenEvents);
    expect(decodeEvents(text.replaceAll('\n', '\r\n'))).toStrictEqual(goldenEvents);
    expect(decodeEvents(text.trimEnd())).toStrictEqual(goldenEvents);
  });

  it('come from any iterable', () => {
    expect(encodeEvents(new Set(goldenEvents.slice(0, 2)))).toBe(encodeEvents(goldenEvents.slice(0, 2)));
  });

  it.each([
    ['a truncated line', (text: string) => text.slice(0, -20)],
    ['an empty line', (text: string) => `${text}\n`],
    ['a line with two events', (text: string) => text.replace(/\n(?=.*\n$)/, '')],
  ])('are refused with %s, naming the line', (_, damage) => {
    const text = encodeEvents(goldenEvents.slice(0, 3));
    expect(() => decodeEvents(damage(text))).toThrow(invalid({ line: expect.any(Number) }));
    expect(() => decodeEvents(damage(text))).toThrow(/^INVALID_EVENT: line [234]: /);
  });

  it('are not written if one of them is invalid', () => {
    const events = [goldenEvent('FeeDisputed'), { type: 'FeeForgotten' } as never];
    expect(() => encodeEvents(events)).toThrow(invalid({ line: 2 }));
  });
});

describe('a row of an SQL table', () => {
  const at = '2026-03-02T09:00:00Z';
  const event = '{"type":"FeeDisputed","data":{"disputeId":"d1","feeId":"f1","at":"2026-03-02T09:00:00Z"}}';

  it.each([1, '1', 1n])('reads a row with integers such as %o', (version) => {
    expect(recordedEventOf({ version, recorded_at: at, event }, accountEvents)).toEqual({
      version: 1,
      recordedAt: at,
      event: JSON.parse(event),
    });
  });

  it('returns the stream of a row', () => {
    expect(streamOf({ institution: 'north', patron_id: '17', version: 1 })).toEqual({
      institution: 'north',
      patronId: '17',
    });
  });
});

/** Returns the faults of an invalid event. */
function faultsOf(input: unknown): readonly Fault[] {
  try {
    parseEvent(input);
  } catch (error) {
    if (isPatronFeesError(error, 'INVALID_EVENT')) return error.details.faults as readonly Fault[];
    throw error;
  }
  return [];
}

const pathsOf = (input: unknown) => faultsOf(input).map(({ path }) => path);

/** An event with some of its data changed. */
const fee = (data: object) => {
  const event = goldenEvent('FeeAssessed');
  return { ...event, data: { ...event.data, ...data } };
};

describe('parseEvent', () => {
  it.each(goldenEvents.map((event) => [event.type, event] as const))(
    'reads a %s as it was written',
    (_, event) => {
      expect(parseEvent(event)).toStrictEqual(event);
      expect(JSON.stringify(parseEvent(event))).toBe(JSON.stringify(event));
    },
  );

  it('returns a copy, so that the caller cannot change it afterwards', () => {
    const event = goldenEvent('PaymentReceived');
    const parsed = parseEvent(event);
    (event.data.allocations as unknown as { amount: string }[]).forEach((allocation) => {
      allocation.amount = '999.00';
    });
    expect(parsed).toEqual(goldenEvent('PaymentReceived'));
  });

  it('reads a frozen event, and one with undefined fields', () => {
    const frozen = Object.freeze({ ...fee({}), data: Object.freeze(fee({}).data) });
    expect(parseEvent(frozen)).toEqual(goldenEvent('FeeAssessed'));
    expect(Object.keys(parseEvent({ ...fee({}), metadata: undefined }))).toEqual(['type', 'data']);
  });

  describe('refuses an invalid event, and names the field', () => {
    const event = goldenEvent('FeeAssessed');
    it.each([
      ['nothing', undefined, ''],
      ['null', null, ''],
      ['a text', 'FeeAssessed', ''],
      ['a list', [event], 'type'],
      ['an unknown type', { ...event, type: 'FeeForgotten' }, 'type'],
      ['a type in another case', { ...event, type: 'feeAssessed' }, 'type'],
      ["a type named like an object's property", { ...event, type: 'constructor' }, 'type'],
      ['a type that is not a string', { ...event, type: { toString: () => 'FeeAssessed' } }, 'type.toString'],
      ['no data', { type: 'FeeAssessed' }, 'data'],
      ['data of another event', { ...event, data: goldenEvent('FeeDisputed').data }, 'data.amount'],
      ['an unknown field', { ...event, version: 1 }, 'version'],
      ['an unknown field of data', fee({ colour: 'red' }), 'data.colour'],
      ['an unknown field of the item', fee({ item: { isbn: '1' } }), 'data.item.isbn'],
      [
        'an unknown field of metadata',
        { ...event, metadata: { schemaVersion: 1 } },
        'metadata.schemaVersion',
      ],
      ['a field named __proto__', JSON.parse('{"type":"FeeDisputed","__proto__":{}}'), '__proto__'],
      ['a list for an object', fee({ item: [] }), 'data.item'],
      ['a list for metadata', { ...event, metadata: [] }, 'metadata'],
      [
        'an object for a list',
        {
          ...goldenEvent('PaymentReceived'),
          data: { ...goldenEvent('PaymentReceived').data, allocations: {} },
        },
        'data.allocations',
      ],
      ['an empty id', fee({ feeId: '' }), 'data.feeId'],
      ['an id of 201 characters', fee({ feeId: 'x'.repeat(201) }), 'data.feeId'],
      ['an id with U+0000', fee({ feeId: 'a\u0000b' }), 'data.feeId'],
      ['an id with a lone surrogate', fee({ feeId: 'a\ud83d' }), 'data.feeId'],
      ['an unknown channel', fee({ by: { channel: 'phone' } }), 'data.by.channel'],
      ['a boolean as text', fee({ lostItem: 'true' }), 'data.lostItem'],
      ['a currency that does not exist', fee({ currency: 'XYZ' }), 'data.currency'],
      ['a currency in small letters', fee({ currency: 'usd' }), 'data.currency'],
      [
        'a percentage above 100',
        {
          ...goldenEvent('LostItemCreditIssued'),
          data: { ...goldenEvent('LostItemCreditIssued').data, refundPercent: 101 },
        },
        'data.refundPercent',
      ],
    ])('%s', (_, input, path) => {
      expect(pathsOf(input)).toContain(path);
    });

    it('with every fault, not only the first', () => {
      expect(pathsOf(fee({ feeId: '', amount: '1', at: 'now' }))).toEqual(
        expect.arrayContaining(['data.feeId', 'data.amount', 'data.at']),
      );
    });

    it('with the value found, truncated', () => {
      const [fault] = faultsOf(fee({ feeId: 'x'.repeat(10_000) }));
      expect(fault?.found.length).toBeLessThan(150);
    });

    it('with the first fault in the message of the error', () => {
      expect(() => parseEvent(fee({ amount: '1.005' }))).toThrow(
        'INVALID_EVENT: data.amount: expected a positive amount: digits with exactly 2 decimals, at most 12 of them in ' +
          'minor units, found "1.005"',
      );
    });
  });

  describe("accepts amounts only with exactly the currency's decimals", () => {
    it.each([
      ['USD', '12.50'],
      ['USD', '9999999999.99'],
      ['JPY', '1250'],
      ['JPY', '999999999999'],
      ['KWD', '1.250'],
      ['KWD', '999999999.999'],
    ])('%s %s', (currency, amount) => {
      expect(pathsOf(fee({ currency, amount }))).toEqual([]);
    });

    it.each([
      '12.5',
      '12',
      '12.500',
      '1250',
      '0.00',
      '0',
      '',
      ' 5.00',
      '5.00 ',
      '+5.00',
      '-5.00',
      '-0.00',
      '05.00',
      '.50',
      '5.',
      '1e3',
      '1e9',
      '0x1',
      'NaN',
      'Infinity',
      '٣.٠٠',
      '５.００',
      '1,000.00',
      '10000000000.00',
      '99999999999999999.99',
      5,
      12.5,
      0,
      Number.NaN,
      true,
      null,
      {},
      ['5.00'],
      { toString: () => '5.00' },
    ])('not USD %j', (amount) => {
      const [path] = pathsOf(fee({ amount }));
      expect(path).toMatch(/^data\.amount/);
    });

    it('also in allocations, overpayments and the credits that a recall uses', () => {
      const payment = goldenEvent('PaymentReceived');
      const parts = {
        allocations: [
          { feeId: 'f1', amount: '1.00' },
          { feeId: 'f2', amount: '1' },
        ],
        overpayment: { creditId: 'c', amount: '0.00' },
      };
      expect(pathsOf({ ...payment, data: { ...payment.data, ...parts } })).toEqual([
        'data.allocations[1].amount',
        'data.overpayment.amount',
      ]);
      const recall = goldenEvent('TransferRecalled');
      expect(
        pathsOf({ ...recall, data: { ...recall.data, setOff: [{ creditId: 'c', amount: '1.0' }] } }),
      ).toEqual(['data.setOff[0].amount']);
    });

    it('and zero only for a cancelled fee that was already paid', () => {
      const cancelled = goldenEvent('FeeCancelled');
      expect(pathsOf({ ...cancelled, data: { ...cancelled.data, amount: '0.00' } })).toEqual([]);
      expect(pathsOf({ ...cancelled, data: { ...cancelled.data, amount: '0' } })).toEqual(['data.amount']);
    });
  });

  describe('accepts instants only with a zone, on existing days', () => {
    it.each([
      '2026-03-02T09:00:00Z',
      '2026-03-02T09:00Z',
      '2026-03-02T09:00:00.123456789+05:30',
      '2024-02-29T23:59:59-11:00',
    ])('%s', (at) => {
      expect(pathsOf(fee({ at }))).toEqual([]);
    });

    it.each([
      '2026-02-30T09:00:00Z',
      '2025-02-29T09:00:00Z',
      '2026-04-31T09:00:00Z',
      '2026-13-01T09:00:00Z',
      '2026-00-10T09:00:00Z',
      '2026-03-02T24:00:00Z',
      '2026-03-02T09:60:00Z',
      '2026-03-02T09:00:60Z',
      '2026-03-02T09:00:00+24:00',
      '2026-03-02T09:00:00',
      '2026-03-02',
      '2026-03-02 09:00:00Z',
      '2026-03-02T09:00:00z',
      'yesterday',
      '',
      1772442000000,
      null,
    ])('not %j', (at) => {
      expect(pathsOf(fee({ at }))).toEqual(['data.at']);
    });
  });

  describe('never crashes on any input', () => {
    const cyclic: Record<string, unknown> = { type: 'FeeAssessed' };
    cyclic.data = { item: cyclic };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const thrower = () => {
      throw new Error('hands off');
    };
    const throwing = new Proxy({}, { get: thrower, ownKeys: thrower, getPrototypeOf: thrower });

    it.each([
      ['a circle', cyclic, /^data\.item\.data\.item/],
      ['a proxy that throws', throwing, /^$/],
      ['a revoked proxy', revoked.proxy, /^$/],
      [
        'a getter that throws',
        { type: 'FeeDisputed', data: Object.defineProperty({}, 'feeId', { enumerable: true, get: thrower }) },
        /^data\.feeId$/,
      ],
      ['a bigint', fee({ amount: 10n }), /^data\.amount$/],
      ['a symbol', fee({ feeId: Symbol('f') }), /^data\.feeId$/],
      ['a function', fee({ feeId: () => 'f' }), /^data\.feeId$/],
      ['a date', fee({ at: new Date(0) }), /^data\.at$/],
      ['a map', { type: 'FeeAssessed', data: new Map() }, /^data$/],
      [
        'not a number',
        { ...goldenEvent('LostItemCreditIssued'), data: { refundPercent: Number.NaN } },
        /^data\.refundPercent$/,
      ],
      [
        'a list with holes',
        { type: 'PaymentReceived', data: { allocations: new Array(3) } },
        /^data\.allocations\[0\]$/,
      ],
      [
        'a list with nothing in it',
        { type: 'PaymentReceived', data: { allocations: [undefined] } },
        /^data\.allocations\[0\]$/,
      ],
      ['two hundred levels', JSON.parse(`${'[{"a":'.repeat(100)}1${'}]'.repeat(100)}`), /^\[0\]\.a\[0\]/],
    ])('%s', (_, input, path) => {
      expect(pathsOf(input)[0]).toMatch(path);
    });

    it('a getter is read once', () => {
      let calls = 0;
      const event = fee({});
      Object.defineProperty(event.data, 'amount', {
        enumerable: true,
        get: () => (calls++ === 0 ? '5.00' : 'garbage'),
      });
      expect(parseEvent(event).data).toHaveProperty('amount', '5.00');
    });

    it('an event from another realm is an event', () => {
      const event = vm.runInNewContext(`(${JSON.stringify(goldenEvent('PaymentReceived'))})`);
      expect(parseEvent(event)).toStrictEqual(goldenEvent('PaymentReceived'));
    });

    it('any value is an event, or refused with a fault that has a path', () => {
      const anything = fc.oneof(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSparseArray: true,
          withNullPrototype: true,
        }),
        fc.record(
          {
            type: fc.constantFrom(...goldenEvents.map(({ type }) => type)),
            data: fc.anything(),
            metadata: fc.anything(),
          },
          { requiredKeys: ['type'] },
        ),
      );
      fc.assert(
        fc.property(anything, (input) => {
          const faults = faultsOf(input);
          expect(faults.length).toBeGreaterThan(0);
          for (const { path, expected, found } of faults) {
            expect([typeof path, typeof expected, typeof found]).toEqual(['string', 'string', 'string']);
          }
        }),
        tried(1000),
      );
    });

    it('an event with one value replaced by garbage is refused at that path, or is still valid', () => {
      const garbage = fc.oneof(
        fc.anything(),
        fc.constantFrom('', '0', '-1.00', '__proto__', '\ud800', 1e21, [], {}, null),
      );
      fc.assert(
        fc.property(fc.constantFrom(...goldenEvents), fc.nat(), garbage, (event, pick, value) => {
          const data: Record<string, unknown> = { ...event.data };
          const keys = Object.keys(data);
          const key = keys[pick % keys.length] as string;
          data[key] = value;
          const faults = pathsOf({ ...event, data });
          // The currency decides the format of amounts, so their paths may have faults too.
          if (key !== 'currency') expect(faults.every((path) => path.startsWith(`data.${key}`))).toBe(true);
          if (faults.length > 0) return;
          expect(parseEvent({ ...event, data })).toEqual(JSON.parse(JSON.stringify({ ...event, data })));
        }),
        tried(2000),
      );
    });
  });

  it('reads any valid event in the same way a second time', () => {
    fc.assert(
      fc.property(fc.constantFrom(...goldenEvents), (event) => {
        expect(parseEvent(parseEvent(event))).toStrictEqual(parseEvent(event));
      }),
      tried(1000),
    );
  });
});

const at = '2025-11-03T10:00:00Z';
const metadata = { commandId: 'c1', commandDigest: '00' };
const by = { channel: 'desk', userId: 'clerk-7' };

/** An event of 0.0.1. */
const charged = (data: object) => ({
  type: 'FeeCharged',
  data: {
    chargeId: 'c1',
    chargeType: 'OTHER',
    minorUnits: 1250,
    currency: 'USD',
    library: 'MAIN',
    at,
    by,
    ...data,
  },
  metadata,
});

const assessed = {
  type: 'FeeAssessed',
  data: { feeId: 'c1', feeType: 'OTHER', amount: '12.50', currency: 'USD', owner: 'MAIN', at, by },
  metadata,
};

describe('the worked example: FeeAssessed of the pre-releases', () => {
  it('0.0.2 called the owner a library', () => {
    const { owner, ...data } = assessed.data;
    expect(parseEvent({ ...assessed, data: { ...data, library: owner } })).toStrictEqual(assessed);
  });

  it('0.0.1 called a fee a charge, in minor units', () => {
    expect(parseEvent(charged({}))).toStrictEqual(assessed);
    expect(parseEvent(charged({ minorUnits: 1250, currency: 'JPY' })).data).toMatchObject({ amount: '1250' });
    expect(parseEvent(charged({ minorUnits: 1250, currency: 'KWD' })).data).toMatchObject({
      amount: '1.250',
    });
  });

  it('does not match a current event with an unknown field', () => {
    expect(() => parseEvent({ ...assessed, data: { ...assessed.data, library: 'MAIN' } })).toThrow(
      'data.library',
    );
  });

  it.each([
    ['no charge id', { chargeId: undefined }, 'data.chargeId'],
    ['an amount as a string', { minorUnits: '1250' }, 'data.minorUnits'],
    ['nothing charged', { minorUnits: 0 }, 'data.minorUnits'],
    ['a field that nobody ever wrote', { owner: 'MAIN' }, 'data.owner'],
    // These match the old shape, but not the current one.
    ['more than the largest amount', { minorUnits: 1e12 }, 'data.amount'],
    ['an unknown currency', { currency: 'XYZ' }, 'data.currency'],
  ])('is refused with %s', (_, data, path) => {
    expect(() => parseEvent(charged(data))).toThrow(
      expect.objectContaining({
        code: 'INVALID_EVENT',
        details: { faults: expect.arrayContaining([expect.objectContaining({ path })]) },
      }),
    );
  });
});

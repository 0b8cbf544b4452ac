import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeChecks, definitionsOf, eventsJsonSchema } from '../../scripts/eventsJsonSchema.js';
import type { JsonSchema } from '../../scripts/fieldDescriptions.js';
import { officeLogs } from '../../scripts/goldenOffice.js';
import { parseEvent } from '../../src/history/codec.js';
import { eventFields, eventSchemas } from '../../src/history/eventSchemas.js';
import { type AccountEventType, minorDigits } from '../../src/index.js';
import { plainObject } from '../../src/input/plainObject.js';
import { type OfficeEvent, officeEvents } from '../../src/office/officeEvents.js';
import { goldenEvent, goldenEvents } from '../support/goldenEvents.js';
import { tried } from '../support/seeded.js';

describe('the schemas of events', () => {
  it('cover exactly the events of the golden logs', () => {
    const types = goldenEvents.map(({ type }) => type);
    expect(Object.keys(eventSchemas(eventFields(2))).sort()).toEqual([...new Set(types)].sort());
  });

  it('are keyed by the event name that they require', () => {
    for (const [name, schema] of Object.entries(eventSchemas(eventFields(2)))) {
      expect(schema.entries.type.literal).toBe(name);
    }
  });

  it('lose no check in code when they become JSON Schema', () => {
    type Node = { readonly type?: unknown; readonly pipe?: readonly Node[] };
    const fields = eventFields(2);
    const names = new Map<unknown, string>(
      Object.entries(definitionsOf(fields)).map(([name, schema]) => [schema, name]),
    );
    const lost: string[] = [];
    const visit = (part: unknown, path: string): void => {
      if (typeof part !== 'object' || part === null) return;
      const node = part as Node;
      const steps = node.pipe ?? [node];
      // Every object in JSON is plain.
      const checks = steps.filter(({ type }) => type === 'check' || type === 'custom');
      const isExpressed = (names.get(node) ?? '') in codeChecks;
      if (checks.some((step) => step !== plainObject) && !isExpressed) lost.push(path);
      for (const step of steps)
        if (step !== node && step.pipe) visit(step, path);
        else for (const [key, one] of Object.entries(step)) if (key !== 'pipe') visit(one, `${path}.${key}`);
    };
    visit(eventSchemas(fields), 'events');
    expect(lost, 'add these to definitionsOf and codeChecks in scripts/eventsJsonSchema.ts').toEqual([]);
  });
});

const goldenOffice: readonly OfficeEvent[] = Object.values(officeLogs).flatMap(({ events }) => events);

describe('the JSON Schema generated from them', () => {
  let schema: JsonSchema;
  let accepts: (event: unknown) => boolean;
  let acceptsOffice: (event: unknown) => boolean;

  beforeAll(() => {
    schema = eventsJsonSchema();
    const validate = new Ajv2020({ strict: true }).compile(schema);
    accepts = (event) => validate(event) === true;
    const validateOffice = new Ajv2020({ strict: true }).compile(eventsJsonSchema('office'));
    acceptsOffice = (event) => validateOffice(event) === true;
  });

  /** Whether the codec accepts the same event. */
  const parses = (event: unknown, parse: (event: never) => unknown = parseEvent) => {
    try {
      parse(event as never);
      return true;
    } catch {
      return false;
    }
  };

  it('accepts every golden event', () => {
    for (const event of goldenEvents) expect(accepts(event)).toBe(true);
    for (const event of goldenOffice) expect([event, acceptsOffice(event)]).toEqual([event, true]);
  });

  it('describes every event and every field', () => {
    const undescribed = (node: JsonSchema, path: string): string[] => [
      ...(node.description ? [] : [path]),
      ...Object.entries(node.properties ?? {}).flatMap(([name, field]) =>
        undescribed(field, `${path}.${name}`),
      ),
    ];
    const nodes = [
      ...(schema.oneOf ?? []),
      ...Object.values(schema.$defs ?? {}).filter(({ type }) => type === 'object'),
    ];
    expect(nodes.flatMap((node, index) => undescribed(node, String(index)))).toEqual([]);
    expect(JSON.stringify(schema).includes('{@link')).toBe(false);
  });

  it('knows the same currencies, with the same decimals', () => {
    const fee = goldenEvent('FeeAssessed');
    for (const currency of ['USD', 'EUR', 'JPY', 'KWD', 'ISK', 'TND', 'XXX', 'usd', 'DM']) {
      for (const amount of [
        '1250',
        '12.50',
        '1.250',
        '12.5',
        '0.00',
        '0.01',
        '0',
        '1',
        '0.001',
        '999999999999',
        '1000000000000',
      ]) {
        const event = { ...fee, data: { ...fee.data, currency, amount } };
        expect([currency, amount, accepts(event)]).toEqual([currency, amount, parses(event)]);
      }
    }
    expect(minorDigits('XXX')).toBeUndefined();
  });

  it('requires the right decimals in every part of an event', () => {
    const withPart = (type: AccountEventType, part: object) => {
      const event = goldenEvent(type);
      return { ...event, data: { ...event.data, ...part } };
    };
    for (const amount of ['1.00', '1', '1.000', '0.00']) {
      const shortfall = { feeId: 'f', amount, creditId: 'c' };
      for (const event of [
        withPart('PaymentReceived', { allocations: [{ feeId: 'f', amount }] }),
        withPart('PaymentReversed', { externalTransactionId: 't', externalTransactionTotal: amount }),
        withPart('PaymentReceived', { overpayment: { creditId: 'c', amount } }),
        withPart('TransferRecalled', { setOff: [{ creditId: 'c', amount }] }),
        withPart('TransferSettled', { surplus: { creditId: 'c', amount } }),
        withPart('PaymentReversed', { shortfall }),
        withPart('PaymentReversed', { overpayment: { creditId: 'c', amount: '1.00', cancelled: amount } }),
        withPart('SettlementReversed', { shortfall }),
        withPart('SettlementReversed', { surplus: { creditId: 'c', amount: '1.00', cancelled: amount } }),
      ]) {
        expect(accepts(event)).toBe(amount === '1.00');
      }
      // The unused amount of a credit may be zero.
      for (const event of [
        withPart('PaymentReversed', { overpayment: { creditId: 'c', amount } }),
        withPart('SettlementReversed', { surplus: { creditId: 'c', amount } }),
      ]) {
        expect(accepts(event)).toBe(amount === '1.00' || amount === '0.00');
      }
    }
  });

  it('accepts the same instants', () => {
    const dispute = goldenEvent('FeeDisputed');
    const instants = [
      '2026-03-02T09:00:00Z',
      '2026-03-02T09:00Z',
      '2026-12-31T23:59:59.999999999-23:59',
      '2024-02-29T00:00:00Z',
      '2026-02-30T09:00:00Z',
      '2026-04-31T09:00:00Z',
      '2026-13-01T09:00:00Z',
      '2026-03-00T09:00:00Z',
      '2026-03-02T24:00:00Z',
      '2026-03-02T09:00:00',
      '2026-03-02',
      '2026-03-02T09:00:00.Z',
      '2026-03-02T09:00:00.1234567890Z',
      ' 2026-03-02T09:00:00Z',
      '',
    ];
    for (const at of instants) {
      const event = { ...dispute, data: { ...dispute.data, at } };
      expect([at, accepts(event)]).toEqual([at, parses(event)]);
    }
  });

  it('refuses a recorded policy with the key __proto__, as the codec does', () => {
    const [recorded] = goldenOffice.filter(({ type }) => type === 'PolicyRecorded');
    const changed = structuredClone(recorded) as unknown as { data: { policy: object } };
    Object.defineProperty(changed.data.policy, '__proto__', { value: '', enumerable: true });
    expect([acceptsOffice(changed), parses(changed, officeEvents.encode)]).toEqual([false, false]);
  });

  it('refuses the same totals of a purged account as the codec', () => {
    const purged = goldenEvents.find(({ type }) => type === 'AccountPurged');
    const totals = [{ month: '2014-02', account: ['cash'], side: 'debit', amount: '5.00' }];
    const judged = (data: object) => {
      const changed = { ...purged, data: { ...purged?.data, totals, ...data } };
      return [accepts(changed), parses(changed)];
    };
    expect(judged({})).toEqual([true, true]);
    for (const wrong of [
      { account: [] },
      { month: '2014-13' },
      { month: 'x2014-02' },
      { month: '2014-2' },
      { amount: '5.000' },
    ])
      expect([wrong, ...judged({ totals: [{ ...totals[0], ...wrong }] })]).toEqual([wrong, false, false]);
    for (const events of [0, 1.5, 2 ** 53, '1'])
      expect([events, ...judged({ events })]).toEqual([events, false, false]);
  });

  it('accepts and refuses the same events as the codec, if any value is replaced, added or removed', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom(
        '',
        '0.00',
        '5.00',
        '5.000',
        '5',
        'USD',
        'JPY',
        'KWD',
        'desk',
        'manual',
        'external',
        'MAIN',
        50,
        true,
        [],
        {},
      ),
    );
    const change = fc.record({
      place: fc.nat(),
      key: fc.constantFrom('same', 'removed', '__proto__', 'constructor', 'note'),
      value,
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...goldenEvents, ...goldenOffice),
        change,
        (event, { place, key, value }) => {
          const changed = structuredClone(event) as unknown as Record<string, unknown>;
          const objects = objectsIn(changed);
          const target = objects[place % objects.length] as Record<string, unknown>;
          const keys = Object.keys(target);
          const own = keys[place % keys.length] ?? 'note';
          if (key === 'removed') delete target[own];
          else
            Object.defineProperty(target, key === 'same' ? own : key, {
              value,
              enumerable: true,
              configurable: true,
              writable: true,
            });
          // JSON Schema cannot express this; its description says so.
          fc.pre(!/\p{Surrogate}/u.test(JSON.stringify(value)));
          const [isAccepted, isParsed] = (goldenOffice as readonly object[]).includes(event)
            ? [acceptsOffice(changed), parses(changed, officeEvents.encode)]
            : [accepts(changed), parses(changed)];
          expect([changed, isAccepted]).toEqual([changed, isParsed]);
        },
      ),
      tried(5000),
    );
  });
});

/** An object and all objects and lists in it. */
function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

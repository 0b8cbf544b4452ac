import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactEvent } from '../../../src/history/index.js';
import { type CloudEvent, cloudEvent } from '../../../src/stores/feed/index.js';
import { messagesFor } from '../../../src/stores/feed/outbox.js';
import { assessedFee } from '../../support/assessedFee.js';
import { randomAccounts } from '../../support/randomAccounts.js';
import { tried } from '../../support/seeded.js';

/** The part of the SDK of CloudEvents that checks: https://github.com/cloudevents/sdk-javascript. */
type Sdk = {
  readonly CloudEvent: new (event: object) => { readonly validate: () => boolean };
  readonly HTTP: {
    readonly structured: (event: object) => { readonly headers: object; readonly body: unknown };
    readonly binary: (event: object) => { readonly headers: object; readonly body: unknown };
    readonly toEvent: (message: object) => object;
  };
};

const sdk = createRequire(import.meta.url)('cloudevents') as Sdk;

const source = 'https://library.example.org/fees';
const secret = { comment: 'Was in hospital', reason: 'poor', item: { title: 'On pain', library: 'MAIN' } };
const stored = (more: object = {}) => ({
  institution: 'north',
  patronId: 'p1',
  version: 1,
  recordedAt: '2026-03-02T09:00:05.123456Z',
  event: assessedFee('f1', secret),
  ...more,
});

describe('a CloudEvent', () => {
  it('is valid for the CloudEvents SDK, and does not change when sent over HTTP', () => {
    for (const { patronId, events } of randomAccounts(40)) {
      for (const [index, event] of events.entries()) {
        const made = cloudEvent(stored({ patronId, version: index + 1, event }), {
          source,
          texts: index % 2 === 0,
        });
        const read = new sdk.CloudEvent(made);
        expect(read.validate()).toBe(true);
        for (const form of ['structured', 'binary'] as const) {
          const { data, ...attributes } = JSON.parse(
            JSON.stringify(sdk.HTTP.toEvent(sdk.HTTP[form](read))),
          ) as CloudEvent;
          expect(data).toEqual(made.data);
          // The SDK writes times with milliseconds.
          expect({ ...attributes, time: made.time }).toEqual({ ...made, data: undefined });
        }
      }
    }
  });

  it('has a different id for each event, whatever the ids of patrons are', () => {
    const name = fc.oneof(
      fc.constantFrom('a', 'a/b', 'a%2Fb', '/', ' ', 'ä', '1', 'a/1'),
      fc.string({ minLength: 1 }),
    );
    const place = fc.record({ institution: name, patronId: name, version: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(place, place, (one, other) => {
        const [first, second] = [one, other].map((each) => cloudEvent(stored(each), { source })) as [
          CloudEvent,
          CloudEvent,
        ];
        const isSame = (names: readonly (keyof typeof one)[]) =>
          names.every((each) => one[each] === other[each]);
        expect(first.id === second.id).toBe(isSame(['institution', 'patronId', 'version']));
        expect(first.subject === second.subject).toBe(isSame(['institution', 'patronId']));
        expect(first.partitionkey).toBe(first.subject);
        expect(Math.sign(first.sequence.localeCompare(second.sequence, 'en'))).toBe(
          Math.sign(one.version - other.version),
        );
        expect(new sdk.CloudEvent(first).validate()).toBe(true);
      }),
      tried(500),
    );
  });

  it('has no texts, unless they are asked for, and never changes the event', () => {
    const given = stored({ event: Object.freeze(assessedFee('f1', secret)) });
    expect(cloudEvent(given, { source }).data).toEqual(redactEvent(assessedFee('f1', secret)));
    expect(JSON.stringify(cloudEvent(given, { source }))).not.toMatch(/hospital|poor|pain/);
    expect(cloudEvent(given, { source, texts: true }).data).toEqual(assessedFee('f1', secret));
  });

  it.each([
    ['2026-03-02T09:00Z', '2026-03-02T09:00:00Z'],
    ['2026-03-02T09:00+01:00', '2026-03-02T09:00:00+01:00'],
    ['2026-03-02T09:00:05-05:00', '2026-03-02T09:00:05-05:00'],
  ])('that was recorded at %s has the time %s', (recordedAt, time) => {
    const made = cloudEvent(stored({ recordedAt }), { source });
    expect(made.time).toBe(time);
    expect(new sdk.CloudEvent(made).validate()).toBe(true);
  });
});

it.each([
  {},
  { source: '' },
  { source: 'two words' },
  { source: 1 },
  { source, text: true },
  { source, texts: 1 },
])('refuses the options %j', (options) => {
  expect(() => cloudEvent(stored(), options as never)).toThrow('INVALID_ARGUMENT');
});

const events = ['f1', 'f2'].map((id, index) => ({
  institution: 'north',
  patronId: 'p1',
  version: index + 1,
  recordedAt: '2026-03-02T09:00:00Z',
  event: assessedFee(id),
}));

it('refuses a type that no event has: the outbox would stay empty', () => {
  expect(() => messagesFor({ source: '/fees', types: ['PaymentRecieved' as never] })).toThrow(
    /INVALID_ARGUMENT: options\.types\[0\]: expected one of .*PaymentReceived.* found "PaymentRecieved"/,
  );
});

it('makes a message of each event, which is its CloudEvent', () => {
  const options = { source: '/fees' };
  expect(messagesFor(options)(events)).toEqual(
    events.map((event) => JSON.stringify(cloudEvent(event, options))),
  );
  expect(messagesFor({ ...options, types: [] })(events)).toEqual([]);
  expect(messagesFor({ ...options, types: ['FeeAssessed'] })(events)).toHaveLength(2);
});

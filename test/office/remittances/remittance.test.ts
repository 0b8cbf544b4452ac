import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideRemittance,
  foldRemittances,
  noRemittances,
  type RemittanceCommand,
  type RemittanceEvent,
} from '../../../src/bursar/index.js';
import { officeEvents } from '../../../src/office/index.js';
import { LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';
import { policy, received, remittanceEvents, undone } from './remittances.js';

const [recorded, reversed] = remittanceEvents(received('r1', '400'), undone('u1', 'r1')) as [
  RemittanceEvent,
  RemittanceEvent,
];
const other = { commandId: 'x', commandDigest: 'y' };
const changed = (event: RemittanceEvent, data: object) =>
  ({ ...event, data: { ...event.data, ...data }, metadata: other }) as RemittanceEvent;

describe('the history of remittances', () => {
  it('folds', () => {
    expect(foldRemittances([recorded, reversed])).toMatchObject({
      destination: 'BURSAR',
      currency: 'USD',
      eventCount: 2,
      remittances: [{ remittanceId: 'r1', amount: '400.00', isReversed: true }],
    });
  });

  it.each([
    ['the same command twice', [recorded, recorded]],
    ['the same remittance twice', [recorded, changed(recorded, {})]],
    ['a reversal of nothing', [reversed]],
    ['two reversals', [recorded, reversed, changed(reversed, {})]],
    ['a reversal of another amount', [recorded, changed(reversed, { amount: '1.00' })]],
    ['another currency', [recorded, changed(reversed, { currency: 'EUR' })]],
    ['another system', [recorded, changed(reversed, { destination: 'AGENCY' })]],
    ['a surplus above the amount', [changed(recorded, { surplus: '400.01' })]],
  ])('is corrupt with %s', (_, events) => {
    expect(() => foldRemittances(events)).toThrow('CORRUPT_HISTORY: event');
  });
});

const cents = fc.integer({ min: 1, max: 90_000 }).map((minor) => (minor / 100).toFixed(2));
const anyCommand: fc.Arbitrary<RemittanceCommand> = fc.oneof(
  fc
    .record({
      id: fc.constantFrom('r1', 'r2', 'r3', 'r4'),
      amount: cents,
      commission: cents,
      surplus: cents,
      isPaid: fc.boolean(),
    })
    .map(({ id, amount, commission, surplus, isPaid }) =>
      received(id, amount, isPaid ? { direction: 'paid', surplus } : { commission, surplus }),
    ),
  fc
    .record({ id: fc.constantFrom('u1', 'u2', 'r1'), remittanceId: fc.constantFrom('r1', 'r2', 'r3') })
    .map(({ id, remittanceId }) => undone(id, remittanceId)),
);

describe('any sequence of commands about remittances', () => {
  it(
    'records and reverses each one once, and reads what was written',
    () => {
      fc.assert(
        fc.property(fc.array(anyCommand, { maxLength: 20 }), (commands) => {
          let state = noRemittances;
          const written: RemittanceEvent[] = [];
          for (const command of commands) {
            const decision = decideRemittance(command, state, policy);
            if (!decision.accepted) continue;
            for (const event of decision.events) {
              written.push(officeEvents.decode(officeEvents.encode(event)) as RemittanceEvent);
            }
            state = foldRemittances(decision.events, state);
            expect(decideRemittance(command, state, policy)).toEqual({ accepted: true, events: [] });
          }
          expect(foldRemittances(written)).toEqual(state);
          const count = (type: string) => written.filter((event) => event.type === type).length;
          expect(state.remittances).toHaveLength(count('RemittanceRecorded'));
          expect(state.remittances.filter(({ isReversed }) => isReversed)).toHaveLength(
            count('RemittanceReversed'),
          );
        }),
        seeded('remittances'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});

import { expectTypeOf, it } from 'vitest';
import {
  type EventStore,
  loadAccount,
  memoryEventStore,
  type NamedStream,
  type RedactingEventStore,
  type StreamId,
} from '../../src/history/index.js';
import { loadTill, type OfficeEvent, type OfficeStore, officeEvents } from '../../src/office/index.js';

const now = () => '2026-03-02T09:00:00Z';
const accounts = memoryEventStore({ now });
const office = memoryEventStore({ now, codec: officeEvents });

it('keeps the keys of accounts and of the office apart', () => {
  expectTypeOf(office).toEqualTypeOf<RedactingEventStore<OfficeEvent, NamedStream>>();
  expectTypeOf<Parameters<OfficeStore['read']>[0]>().toEqualTypeOf<NamedStream>();
  expectTypeOf<Parameters<EventStore['read']>[0]>().toEqualTypeOf<StreamId>();
  expectTypeOf(office.accounts)
    .returns.resolves.toHaveProperty('accounts')
    .toEqualTypeOf<readonly NamedStream[]>();

  void office.read({ institution: 'north', stream: 'till:CIRC' });
  // @ts-expect-error a stream of the office is not named by a patron
  void office.read({ institution: 'north', patronId: 'till:CIRC' });
  // @ts-expect-error an account has no stream of another name
  void accounts.read({ institution: 'north', stream: 'till:CIRC' });

  // @ts-expect-error a store of accounts has no tills
  void loadTill(accounts, { institution: 'north', till: 'CIRC' });
  // @ts-expect-error a store of the office has no accounts
  void loadAccount(office, { institution: 'north', patronId: 'p1' });
});

import { type EventStore, memoryEventStore } from 'patron-fees/history';
import { type OfficeStore, officeEvents } from 'patron-fees/office';

const offices = new WeakMap<object, OfficeStore>();

/** Returns the stores of a job: the accounts, with an office of their own. */
export function withOffice<Accounts extends Pick<EventStore, 'read'>>(accounts: Accounts) {
  const office =
    offices.get(accounts) ?? memoryEventStore({ now: () => '2026-03-02T09:00:00Z', codec: officeEvents });
  offices.set(accounts, office);
  return { accounts, office };
}

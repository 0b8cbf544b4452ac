import type { OfficeEvent } from '../../src/office/officeEvents.js';
import { officeLogs } from '../goldenOffice.js';
import { answer, type CallVector } from './calls.js';

/** Returns the golden logs of the office, and damaged ones: an event less, one twice, another id, another amount. */
export function officeCalls(): readonly CallVector[] {
  const logs = Object.values(officeLogs);
  const seen = new Set<string>();
  const corrupt = logs
    .flatMap(({ stream, events }) => damaged(events).map((list) => answer('office', stream, list)))
    .filter(({ error }) => {
      const fault = error?.message.replace(/event \d+ /, '').replace(/, found .*/s, '');
      if (fault === undefined || seen.has(fault)) return false;
      seen.add(fault);
      return true;
    });
  return [...logs.map(({ stream, events }) => answer('office', stream, events)), ...corrupt];
}

function damaged(events: readonly OfficeEvent[]): readonly (readonly unknown[])[] {
  return events.flatMap((event, index) => {
    const [before, after] = [events.slice(0, index), events.slice(index + 1)];
    const changes = Object.entries(event.data).flatMap(([name, value]) => {
      if (typeof value !== 'string') return [];
      if (/Id$/.test(name) || name === 'currency') return [{ [name]: 'other' }];
      if (/^-?[0-9.]+$/.test(value)) return [{ [name]: '9999.99' }];
      return [];
    });
    return [
      [...before, ...after],
      [...before, event, event],
      ...changes.map((fields) => [...before, { ...event, data: { ...event.data, ...fields } }]),
    ];
  });
}

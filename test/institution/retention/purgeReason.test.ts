import { expect, it } from 'vitest';
import { purgeReason } from '../../../src/institution/retention/purgeReason.js';
import { assess, pay } from '../../support/account.js';
import { stream, tickingStore } from '../../support/stores.js';
import { accountWith } from '../accountWith.js';

it('is that of the first row that is kept, or null', async () => {
  const terms = { untilMs: Date.parse('2099-01-01T00:00:00Z'), openSessions: new Set<string>() };
  const reason = (events: ReturnType<typeof accountWith>, more = {}) =>
    purgeReason(tickingStore(), stream, events, { ...terms, ...more });
  expect(await reason([])).toBeNull();
  expect(await reason(accountWith([assess('f1', '5.00')]))).toBe('FeeOpen');
  expect(await reason(accountWith([assess('f1', '5.00'), pay('p1', '6.00')]))).toBe('CreditOpen');
  const settled = accountWith([assess('f1', '5.00'), pay('p1', '5.00')]);
  expect(await reason(settled)).toBeNull();
  expect(await reason(settled, { untilMs: 0 })).toBe('TooRecent');
});

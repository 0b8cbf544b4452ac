import { PatronFeesError } from 'patron-fees';
import { expect, it } from 'vitest';
import { unlessUnreadable } from '../../../src/online/record/readAccount.js';

it('says why an account cannot be read, and throws everything else', async () => {
  const fail = (error: Error) => unlessUnreadable(() => Promise.reject(error));
  expect(await fail(new PatronFeesError('CORRUPT_HISTORY', 'broken'))).toMatchObject({
    because: { type: 'AccountUnreadable', code: 'CORRUPT_HISTORY' },
  });
  await expect(fail(new PatronFeesError('STORE_UNAVAILABLE', 'away'))).rejects.toThrow('away');
  await expect(fail(new Error('bug'))).rejects.toThrow('bug');
});

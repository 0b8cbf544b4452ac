import { describe, expect, it } from 'vitest';
import { definePolicy, type PatronAccount } from '../../../src/index.js';
import { almaRows } from '../../../src/interop/alma/almaOptions.js';
import { type AlmaFeesHandlerOptions, almaFeesHandler } from '../../../src/interop/alma/index.js';
import { accountAfter, assess } from '../../support/account.js';
import { almaClient } from './almaClient.js';

describe('the options of almaFeesHandler', () => {
  it.each([
    ['no patron hook', { patron: undefined }],
    ['no store', { store: {} }],
    ['an unknown option', { port: 8080 }],
    ['a library that is no code', { libraries: [''] }],
  ])('throws for %s', async (_name, wrong) => {
    const options = wrong as unknown as Partial<AlmaFeesHandlerOptions>;
    await expect(almaClient([], options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(() => almaFeesHandler(undefined as unknown as AlmaFeesHandlerOptions)).toThrow('INVALID_ARGUMENT');
  });

  it.each(['fees.example', 'ftp://fees.example', 'https://fees.example/?a=1', '', 7])(
    'refuse %s as the address for links',
    async (baseUrl) => {
      const wrong = { baseUrl: baseUrl as string };
      await expect(almaClient([], wrong)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
});

const address = 'https://alma.example/almaws/v1/users/dverma/fees';
const policy = definePolicy({ currency: 'USD' });
const member = (patronId: string, account: PatronAccount) => {
  return { institution: 'NORTH', patronId, account, version: account.eventCount };
};

it('lists the rows of all accounts under different ids, with one primary id and one sum', () => {
  const { withStatus, withId } = almaRows(
    [
      member('kept', accountAfter([assess('f1', '0.10')])),
      member('old', accountAfter([assess('f1', '0.20'), assess('f2', '22.23')])),
    ],
    { policy, userPrimaryId: 'dverma', libraries: { MAIN: 'Main Library' }, address },
  );
  const { fee, ...totals } = withStatus('ACTIVE');
  expect(fee.map(({ id, balance, user_primary_id }) => [id, balance, user_primary_id?.value])).toEqual([
    ['f1', 0.1, 'dverma'],
    ['f1@old', 0.2, 'dverma'],
    ['f2', 22.23, 'dverma'],
  ]);
  expect(fee.map(({ link }) => link)).toEqual([`${address}/f1`, `${address}/f1%40old`, `${address}/f2`]);
  expect(fee[0]?.owner).toEqual({ value: 'MAIN', desc: 'Main Library' });
  expect(totals).toEqual({ total_record_count: 3, total_sum: 22.53, currency: 'USD', link: address });
  expect(withStatus('CLOSED')).toEqual({
    fee: [],
    total_record_count: 0,
    total_sum: 0,
    currency: 'USD',
    link: address,
  });
  expect([withId('f1@old')?.balance, withId('f9')]).toEqual([0.2, undefined]);
});

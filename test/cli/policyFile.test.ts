import { expect, it } from 'vitest';
import { policyFor, readPolicy } from '../../src/cli/policyFile.js';
import { fileOf } from '../support/commandLine.js';

it('uses the default policy, or that of a file', async () => {
  expect((await readPolicy({})).currency).toBe('USD');
  expect((await readPolicy({ currency: 'EUR' })).currency).toBe('EUR');
  const policy = await readPolicy({ policy: fileOf(['\ufeff{"currency":"JPY"}']) });
  expect(policy.currency).toBe('JPY');
  const both = { policy: fileOf(['{"currency":"JPY"}']), currency: 'EUR' };
  await expect(readPolicy(both)).rejects.toThrow(/^--currency EUR: the policy \/.* has JPY\.$/);
  expect((await readPolicy({ ...both, currency: 'JPY' })).currency).toBe('JPY');
  expect(policyFor(policy, null)).toBe(policy);
  expect(policyFor(policy, 'USD').currency).toBe('USD');
});

it('reports the faults of a policy file in one sentence', async () => {
  await expect(readPolicy({ policy: '/nowhere.json' })).rejects.toThrow('there is no such file');
  await expect(readPolicy({ policy: '/' })).rejects.toThrow('/ is a folder, not a file.');
  await expect(readPolicy({ policy: fileOf(['{']) })).rejects.toThrow('expected JSON');
  await expect(readPolicy({ policy: fileOf(['{"currency":"XXQ"}']) })).rejects.toThrow(/^\/.*: currency: /);
  await expect(readPolicy({ currency: 'QQQ' })).rejects.toThrow(/^--currency: currency: /);
});

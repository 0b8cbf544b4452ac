import { expect, it } from 'vitest';
import { definePolicy, type FeePolicyInput, permittedCommands } from '../../src/index.js';

it('are canonical in a policy, and absent if they were not given', () => {
  const permissions = { WaiveFees: { CLERK: { upTo: '10' }, CHIEF: {} } };
  expect(definePolicy({ currency: 'USD', permissions }).permissions).toEqual({
    WaiveFees: { CLERK: { upTo: '10.00' }, CHIEF: {} },
  });
  expect(definePolicy({ currency: 'USD' })).not.toHaveProperty('permissions');
  expect(permittedCommands).toContain('WaiveFees');
});

it.each([
  ['permissions.WaiveFee', { WaiveFee: {} }],
  ['permissions.WaiveFees', { WaiveFees: [] }],
  ['permissions.WaiveFees.CLERK.upTo', { WaiveFees: { CLERK: { upTo: '1.005' } } }],
  ['permissions.WaiveFees.CLERK.limit', { WaiveFees: { CLERK: { limit: '1' } } }],
])('are refused at %s', (path, permissions) => {
  const input = { currency: 'USD', permissions } as unknown as FeePolicyInput;
  expect(() => definePolicy(input)).toThrow(
    expect.objectContaining({ details: { faults: [expect.objectContaining({ path })] } }),
  );
});

it('has write-offs among the waiving reasons only', () => {
  const waiveReasons = { OTHER: 'Other', BADDEBT: 'Uncollectable' };
  const policy = definePolicy({ currency: 'USD', waiveReasons, writeOffReasons: ['BADDEBT'] });
  expect(policy.writeOffReasons).toEqual(['BADDEBT']);
  expect(() => definePolicy({ currency: 'USD', waiveReasons, writeOffReasons: ['OTHER', 'GONE'] })).toThrow(
    expect.objectContaining({
      details: { faults: [expect.objectContaining({ path: 'writeOffReasons[1]' })] },
    }),
  );
});

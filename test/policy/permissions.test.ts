import { expect, it } from 'vitest';
import { definePolicy, type FeePolicyInput, permittedCommands } from '../../src/index.js';

it('permissions are canonical in a policy, and absent if they were not given', () => {
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
])('invalid permissions are refused at %s', (path, permissions) => {
  const input = { currency: 'USD', permissions } as unknown as FeePolicyInput;
  expect(() => definePolicy(input)).toThrow(
    expect.objectContaining({ details: { faults: [expect.objectContaining({ path })] } }),
  );
});

it('a policy gives every reason for waiving a kind', () => {
  const BADDEBT = { label: 'Uncollectable', kind: 'writeOff' } as const;
  const policy = definePolicy({ currency: 'USD', waiveReasons: { OTHER: 'Other', BADDEBT } });
  expect(policy.waiveReasons).toEqual({ OTHER: { label: 'Other', kind: 'waiver' }, BADDEBT });
  expect(definePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
  const waiveReasons = { BADDEBT: { label: 'Uncollectable', kind: 'gift' } } as unknown as Record<
    string,
    string
  >;
  expect(() => definePolicy({ currency: 'USD', waiveReasons })).toThrow(
    expect.objectContaining({
      details: {
        faults: [expect.objectContaining({ path: expect.stringMatching(/^waiveReasons.BADDEBT/) })],
      },
    }),
  );
});

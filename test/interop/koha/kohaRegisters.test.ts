import { expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { executeTill, officeEvents } from '../../../src/office/index.js';
import { kohaClient, policy } from './kohaClient.js';

const at = '2026-03-02T09:00:00Z';
const by = { channel: 'desk', userId: 'ana', desk: 'CIRC' } as const;

/** A client of a Koha with two tills, one of which was closed once and is open again. */
async function withTills() {
  const office = memoryEventStore({ now: () => at, codec: officeEvents });
  const id = { institution: 'NORTH', till: 'CIRC' };
  const close = {
    type: 'CloseTill',
    id: 'c1',
    sessionId: 's1',
    takings: [
      { method: 'CASH', amount: '12.29' },
      { method: 'CREDIT_CARD', amount: '0.10' },
    ],
    counts: [
      { method: 'CASH', amount: '62.29' },
      { method: 'CREDIT_CARD', amount: '0.10' },
    ],
    at: '2026-03-02T18:00:00Z',
    by,
  } as const;
  const open = { type: 'OpenTill', float: '50.00', at, by } as const;
  for (const command of [{ ...open, id: 's1' }, close, { ...open, id: 's2', at: '2026-03-03T09:00:00Z' }])
    await executeTill(office, policy, id, command);
  const tills = [
    { till: 'CIRC', library: 'CPL', name: 'Front desk' },
    { till: 'KIDS', library: 'MPL' },
  ];
  return kohaClient([], { cashRegisters: { office, tills } });
}

it('tills are the cash registers of a library, closed sessions their cash-ups', async () => {
  const { get } = await withTills();
  const { json: registers } = await get('libraries/CPL/cash_registers');
  expect(registers).toMatchObject([{ name: 'Front desk', library_id: 'CPL' }]);
  const { json: rows } = await get(`cash_registers/${registers[0].cash_register_id}/cashups`);
  expect(rows).toMatchObject([
    {
      amount: 12.39,
      timestamp: '2026-03-02T18:00:00Z',
      summary: {
        from_date: at,
        total: 12.39,
        total_grouped: [
          { payment_type: 'CASH', total: 12.29 },
          { payment_type: 'CREDIT_CARD', total: 0.1 },
        ],
      },
    },
  ]);
  expect((await get(`cashups/${rows[0].cashup_id}`)).json).toEqual(rows[0]);
});

it('a till without sessions has no cash-ups, and a library without tills no registers', async () => {
  const { get } = await withTills();
  const [{ cash_register_id: kids }] = (await get('libraries/MPL/cash_registers')).json;
  expect((await get(`cash_registers/${kids}/cashups`)).json).toEqual([]);
  expect((await get('libraries/FPL/cash_registers')).json).toEqual([]);
});

it('answers 404 for unknown registers, and only reads', async () => {
  const { get, send } = await withTills();
  for (const path of [
    'cash_registers/7/cashups',
    'cashups/7',
    'cash_registers/7',
    'cashups/7/8',
    'libraries/CPL',
  ])
    expect((await get(path)).status).toBe(404);
  for (const path of ['cashups/7', 'libraries/CPL/cash_registers'])
    expect((await send(path, { method: 'POST', body: '{}' })).status).toBe(404);
  const { get: without } = await kohaClient([]);
  expect((await without('libraries/CPL/cash_registers')).status).toBe(404);
});

it('refuses a store of accounts', async () => {
  const store = memoryEventStore({ now: () => at });
  await expect(kohaClient([], { cashRegisters: { office: store as never, tills: [] } })).rejects.toThrow(
    'options.cashRegisters.office',
  );
});

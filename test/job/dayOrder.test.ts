import { expect, it } from 'vitest';
import { rowTimes } from '../../src/interop/import/rowTime.js';
import { readCsv } from '../../src/job/csvCells.js';
import { dayOrders } from '../../src/job/dayOrder.js';
import { listOf } from '../interop/import/importLaws.js';

it.each(dayOrders)('%s is read by imports and by readers of statements', async (dayOrder) => {
  const text = dayOrder.replace('YYYY', '2026').replace('MM', '03').replace('DD', '04');
  expect(rowTimes('UTC', dayOrder)(text)?.at).toBe('2026-03-04T00:00:00.000Z');
  const rows = readCsv([`day\n${text}\n`], { dayOrder }, ['day'], (cells) => cells.day('day'));
  expect(await listOf(rows)).toEqual(['2026-03-04']);
});

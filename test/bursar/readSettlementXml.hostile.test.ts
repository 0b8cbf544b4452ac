import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { expect, it, vi } from 'vitest';
import type { SettlementReading } from '../../src/bursar/settlementRow.js';
import { readSettlementXml } from '../../src/bursar/settlementSource.js';
import { temporaryFolder } from './bursarLibrary.js';

async function readingsOf(text: string): Promise<readonly SettlementReading[]> {
  const file = join(temporaryFolder(), 'answer.xml');
  writeFileSync(file, text);
  const readings: SettlementReading[] = [];
  for await (const reading of readSettlementXml(file)) readings.push(reading);
  return readings;
}

it('is refused at once if elements are nested without end', async () => {
  const parsing = vi.spyOn(SaxesParser.prototype, 'write');
  const readings = await readingsOf(`<xml-fragment>${'<a>'.repeat(100_000)}`);
  const parsed = parsing.mock.calls.map(([text]) => String(text).length);
  parsing.mockRestore();
  expect(readings).toMatchObject([{ broken: { found: 'deeper ones' } }]);
  // All of it took five seconds and blocked the process.
  expect(parsed.reduce((sum, length) => sum + length, 0)).toBeLessThan(3_000);
});

it('returns every character of a long text, wherever it is split', async () => {
  const long = `${'x'.repeat(997)}${'\u{1F4DA}\u00e9&amp;\u20ac'.repeat(9_000)}`;
  const readings = await readingsOf(
    `<xml-fragment><userFineFee><bursarTransactionId>${long}</bursarTransactionId></userFineFee></xml-fragment>`,
  );
  expect(readings).toEqual([{ line: 1, row: { reference: long.replaceAll('&amp;', '&') } }]);
});

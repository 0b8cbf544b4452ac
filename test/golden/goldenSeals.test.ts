// The promise to everyone who keeps seals: every later release verifies them. If this test fails, a rule of seals or a shape
// that it seals has changed: the rule must write such events as they were sealed.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { definePolicy } from 'patron-fees';
import { sealPeriod, verifySeals } from 'patron-fees/closing';
import { describe, expect, it } from 'vitest';
import { goldenBooks } from '../../scripts/goldenSeal.js';

const here = fileURLToPath(new URL('./seals/', import.meta.url));
const policy = definePolicy({ currency: 'USD' });

describe.each(readdirSync(here))('the books that %s sealed', (release) => {
  const golden = join(here, release);

  it('are verified without a finding', async () => {
    const report = await verifySeals(
      await goldenBooks(golden),
      policy,
      { institution: 'north' },
      { folder: golden },
    );
    expect(report).toMatchObject({ seals: 1, readFrom: 1, findings: { count: 0 } });
    expect(report.streams).toBeGreaterThan(10);
  });

  it('have the same seal if they are sealed again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'patron-fees-golden-'));
    const at = '2026-04-01T12:00:00Z';
    const form = { institution: 'north', month: '2026-03', timeZone: 'America/New_York', at };
    await sealPeriod(await goldenBooks(golden, 'unsealed'), policy, form, { folder });
    const [again, sealed] = [folder, golden].map((each) =>
      readFileSync(join(each, 'seal-00001.ndjson'), 'utf8'),
    );
    rmSync(folder, { recursive: true });
    expect(again).toBe(sealed);
  });
});

it('golden seals exist for the release in package.json', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(existsSync(join(here, `v${version}`))).toBe(true);
});

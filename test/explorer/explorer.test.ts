import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type AccountEvent, decide, definePolicy, type FeePolicyInput } from 'patron-fees';
import { encodeEvents } from 'patron-fees/history';
import { arbitraries, laws } from 'patron-fees/testing';
import { describe, expect, it } from 'vitest';
import { fromAddress, toAddress } from '../../scripts/explorer/address.js';
import { balancesChart } from '../../scripts/explorer/balancesChart.js';
import { explorerPage } from '../../scripts/explorer/explorerPage.js';
import { chartView, decidedText, stepView } from '../../scripts/explorer/stepView.js';
import { stories } from '../../scripts/explorer/stories.js';
import { parseStory, playStory } from '../../scripts/explorer/story.js';
import { officeLogs } from '../../scripts/goldenOffice.js';
import { seeded } from '../support/seeded.js';
import { storyLines, withExplorer } from '../support/storyFile.js';

/** The budget of the whole page, in kilobytes after gzip: the library, the views, the office, the journal and the page's own code. */
const BUDGET_KB = 76;

const play = (text: string) => playStory(parseStory(text));

describe('the stories of the explorer', () => {
  it.each(Object.entries(stories))('%s is decided as intended', (_, { lines }) => {
    const steps = play(lines);
    expect(steps.map(({ error }) => error).filter((error) => error !== undefined)).toEqual([]);
    expect(steps.map(decidedText)).toMatchSnapshot();
  });
});

describe('a story', () => {
  it("of events is folded, with or without the store's envelope", () => {
    const [policyLine, ...commands] = (stories.pay?.lines ?? '').split('\n');
    const events = play([policyLine, ...commands].join('\n')).flatMap(
      (step) => step.events as readonly AccountEvent[],
    );
    const log = encodeEvents(events);
    const stored = events
      .map((event) => JSON.stringify({ version: 1, recordedAt: event.data.at, event }))
      .join('\n');
    for (const text of [log, stored])
      expect(play(text).at(-1)?.after).toEqual(play(stories.pay?.lines ?? '').at(-1)?.after);
  });

  it('continues after an unreadable line, an invalid command and an event that cannot follow', () => {
    const fee = {
      type: 'AssessFee',
      id: 'a',
      feeType: 'OTHER',
      amount: '1',
      owner: 'M',
      at: '2026-03-02T09:00:00Z',
    };
    const paid = {
      type: 'FeeWaived',
      data: { waiverId: 'w', feeId: 'x', amount: '1.00', currency: 'USD', at: fee.at },
    };
    const lines = [
      '{"type":',
      '{"type":"Nonsense"}',
      '7',
      JSON.stringify(paid),
      '{"policy":{}}',
      '',
      '# note',
      JSON.stringify(fee),
    ];
    const steps = play(lines.join('\n'));
    expect(steps.map(decidedText)).toEqual([
      'threw an error',
      'refused: InvalidCommand',
      'threw an error',
      'threw an error',
      'threw an error',
      'accepted: FeeAssessed',
    ]);
    expect(steps[3]?.error).toContain('CORRUPT_HISTORY');
    expect(steps[4]?.error).toContain('currency');
  });

  it('of any law is decided the same after it was written to a file and read again', () => {
    fc.assert(
      fc.property(arbitraries(fc).stories({ maxCommands: 12 }), (story) => {
        const steps = play(storyLines(story));
        expect(steps).toHaveLength(story.steps.length);
        expect(isDeepStrictEqual(steps.at(-1)?.after ?? story.account, story.account)).toBe(true);
        for (const step of steps) String(stepView(step));
      }),
      seeded('stories of the explorer'),
    );
  });

  it('that breaks a law is written to a file, and the error says how to open it', async () => {
    const forgetful: typeof decide = (command, account, policy) => {
      const decision = decide(command, account, policy);
      return decision.accepted ? { accepted: true, events: decision.events.slice(1) } : decision;
    };
    const law = laws({ decide: forgetful, maxCommands: 5 }).find(
      ({ name }) => name === 'deciding and folding',
    );
    const failures = await Promise.allSettled(law?.clauses.map(({ check }) => check({ seed: 1 })) ?? []);
    const [error] = failures.flatMap((one) => (one.status === 'rejected' ? [withExplorer(one.reason)] : []));
    const file = /npm run story-page -- (\S+\.jsonl)/.exec(String(error))?.[1] ?? '';
    expect(play(readFileSync(file, 'utf8')).length).toBeGreaterThan(0);
    rmSync(dirname(file), { recursive: true });
    expect(withExplorer('no error')).toBe('no error');
  });

  it('of the office is folded and posted by stream, and leaves out events that do not fit', () => {
    const lines = Object.entries(officeLogs).flatMap(([institution, { stream, events }]) =>
      [...events, ...events.slice(0, 1)].map((event) => JSON.stringify({ institution, stream, event })),
    );
    const steps = play(lines.join('\n'));
    expect(steps).toHaveLength(lines.length);
    for (const step of steps) String(stepView(step));
    expect(String(chartView(steps, 0))).toBe('');
    const till = steps.filter(({ office }) => office?.stream.stream === 'till:CIRC');
    const [opened] = till;
    if (opened === undefined) throw new Error('no till');
    expect(decidedText(opened)).toBe('happened');
    expect(String(stepView(opened))).toMatch(
      /<h2 id="stream">till:CIRC<.*sessions.*Journal entry.*<td>50\.00</s,
    );
    const again = till.at(-1);
    expect([again?.error, again?.postings]).toEqual([expect.stringContaining('till:CIRC'), []]);
    expect(again?.office?.after).toBe(again?.office?.before);
  });

  it('takes the policies of definePolicy as they are', () => {
    const policy = definePolicy({ currency: 'EUR', destinations: { B: 'Bursar' } });
    expect(definePolicy(policy as FeePolicyInput)).toEqual(policy);
  });
});

describe('an address', () => {
  it('contains everything that the page shows', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.nat(500),
        fc.option(fc.string()),
        (text, step, attempt) => {
          const tried = attempt === null ? {} : { attempt };
          const own = { lines: text, step, ...tried };
          expect(fromAddress(toAddress(own))).toEqual({ story: undefined, attempt: undefined, ...own });
          const named = { story: text, step, ...tried };
          expect(fromAddress(toAddress(named))).toEqual({ lines: undefined, attempt: undefined, ...named });
          const given = { given: true, step, ...tried };
          expect(fromAddress(toAddress(given))).toEqual({
            story: undefined,
            lines: undefined,
            attempt: undefined,
            ...given,
          });
        },
      ),
      seeded('addresses of the explorer'),
    );
  });

  it('that is empty or nonsense shows the first step of the first story', () => {
    for (const address of ['', '#', '#step=-3', '#step=x'])
      expect(fromAddress(address)).toEqual({ story: 'pay', lines: undefined, step: 0, attempt: undefined });
  });
});

describe('a step', () => {
  it('shows what changed, and escapes the texts of a story', () => {
    const evil = '<img src=x onerror=alert(1)>';
    const at = '2026-03-02T09:00:00Z';
    const fee = { type: 'AssessFee', id: evil, feeType: 'OTHER', amount: '1', owner: evil, at };
    const [step] = play(JSON.stringify(fee));
    if (step === undefined) throw new Error('no step');
    const html = String(stepView(step));
    expect(html).toContain('<mark>1.00</mark>');
    expect(html).not.toContain('<img');
    expect(String(chartView([step], 0))).toContain('Balances in USD after each step: active 1.00;');
  });

  it('is drawn with one line for each balance', () => {
    const chart = balancesChart([{ name: 'active', values: [5, 10, -2] }], 1, {
      currency: 'EUR',
      format: (value) => value.toFixed(2),
    });
    expect(chart).toContain('aria-label="Balances in EUR after each step: active 5.00, 10.00, -2.00"');
    expect(chart).toContain('>EUR</text>');
    expect(chart.match(/class="series/g)).toHaveLength(1);
    expect(balancesChart([], 0, { currency: 'EUR', format: String })).toContain('<svg');
  });
});

describe('the page', () => {
  it('keeps to its budget and fetches nothing', async () => {
    const page = await explorerPage('{"type":"</script><script>alert(1)</script>"}');
    expect(gzipSync(page).length / 1_000).toBeLessThan(BUDGET_KB);
    expect(page).not.toMatch(/<(link|script|img)[^>]+(href|src)="(?!data:|\.\.\/)/);
    expect(page).not.toContain('<script>alert(1)');
    expect(page.match(/<\/script>/g)).toHaveLength(2);
  });
});

it('npm run story-page has --help, and names a missing file in one sentence', () => {
  const run = (...words: string[]) => {
    const script = fileURLToPath(new URL('../../scripts/explorer/run.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, ...words], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  expect(run('--help').stdout).toContain('npm run story-page -- [options] [file]');
  expect(run('/nowhere.jsonl')).toEqual({
    status: 1,
    stdout: '',
    stderr: '/nowhere.jsonl: there is no such file.\n',
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pictures } from '../../scripts/pictures/drawings.js';
import { withGeneratedBlocks } from '../../scripts/pictures/generatedBlocks.js';
import { onlineStates } from '../../scripts/pictures/onlineStates.js';
import { rejectionTables } from '../../scripts/pictures/rejections.js';
import { plotsOf } from '../bench/plots.js';

const page = (name: string, folder = 'concepts') =>
  readFileSync(new URL(`../../docs/${folder}/${name}.md`, import.meta.url), 'utf8');

describe('the diagrams of fee states and money flows', () => {
  const drawn = pictures();

  it('match the code (if not: npm run pictures)', () => {
    expect(page('fee-states')).toBe(withGeneratedBlocks(page('fee-states'), drawn));
  });

  it('have every state, and only transitions that commands cause', () => {
    const ways = drawn['fee states'] ?? '';
    for (const state of ['active', 'disputed', 'transferred', 'closed'])
      expect(ways).toContain(`> ${state}: `);
    expect(ways).toContain('[*] --> active: FeeAssessed');
    expect(ways).not.toContain('[*] --> closed');
    expect(ways).toMatch(/closed --> transferred: SettlementReversed$/m);
  });

  it('show that no waiver becomes cash', () => {
    const ways = `${drawn['money flows']}\n${drawn.reversals}`;
    expect(ways).toContain('receivable -->|PaymentReceived| cash');
    expect(ways).not.toMatch(/cash -->\|[^|]*\| (waivers|goodwill|credits_(setOff|external|goodwill))/);
    expect(ways).not.toMatch(/^\| cash \| (waivers|goodwill|credits (setOff|external|goodwill))/m);
  });
});

describe('the diagram of online payments', () => {
  it('matches the code (if not: npm run pictures), and has every state; money comes after an end, too', async () => {
    const drawn = await onlineStates();
    const text = page('refunds-and-chargebacks', 'guides');
    expect(text).toBe(withGeneratedBlocks(text, drawn));
    const ways = drawn['online payment states'] ?? '';
    for (const state of ['started', 'ended', 'captured', 'recorded', 'returned'])
      expect(ways).toContain(`> ${state}: `);
    expect(ways).toMatch(/ended --> captured: OnlinePaymentCaptured$/m);
    expect(ways).toMatch(/started --> ended: OnlinePaymentEnded<br>it expires$/m);
  });
});

it('the page of all rejections has each with its kind and sentence (if not: npm run pictures)', () => {
  expect(page('all-rejections')).toBe(withGeneratedBlocks(page('all-rejections'), rejectionTables()));
});

describe('a generated part of a page', () => {
  const text = 'a\n<!-- x: made by y -->\nold\n<!-- end of x -->\nb\n';

  it('is replaced, and the rest stays', () => {
    const once = withGeneratedBlocks(text, { x: 'new' });
    expect(once).toBe('a\n<!-- x: made by y -->\n\nnew\n\n<!-- end of x -->\nb\n');
    expect(withGeneratedBlocks(once, { x: 'new' })).toBe(once);
    expect(withGeneratedBlocks(text, {})).toBe(text);
  });

  it('that the page does not have is an error', () => {
    expect(() => withGeneratedBlocks(text, { z: '' })).toThrow('no part "z"');
  });
});

describe('the plots of the measurements', () => {
  it('are drawn from the figures of a run, only those that were measured', () => {
    const plots = plotsOf([
      { figure: 'fold / limit', events: 10, ids: 'readable', ratio: 0.5 },
      { figure: 'fold / limit', events: 100, ids: 'readable', ratio: 0.65 },
      { figure: 'fold / limit', events: 10, ids: 'digits', ratio: 0.53 },
      { figure: 'fold / limit', events: 100, ids: 'digits', ratio: 0.7 },
      { figure: 'fold / limit', accounts: 100_000, events: 20, ids: 'digits', ratio: 9 },
    ]);
    expect(Object.keys(plots)).toEqual(['plot of folding']);
    expect(plots['plot of folding']).toContain('line [0.5, 0.65]\n  line [0.53, 0.7]');
    expect(plots['plot of folding']).toContain('y-axis 0 --> 1.1');
  });

  it('have their places on the page', () => {
    const figures = [
      { figure: 'fold / limit', events: 10, ids: 'readable', ratio: 0.5 },
      { figure: 'replay / JSON.parse alone', log: 'a', source: 'lines', validate: true, times: 2 },
      { figure: 'a command on a held account', fees: 10, microseconds: 20 },
    ];
    expect(Object.keys(plotsOf(figures))).toHaveLength(3);
    expect(() => withGeneratedBlocks(page('performance'), plotsOf(figures))).not.toThrow();
  });
});

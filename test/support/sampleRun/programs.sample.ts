import { expect, it } from 'vitest';
import { describeWith } from '../programs.js';

it('needs nothing', () => {
  expect(1 + 1).toBe(2);
});

describeWith(['hledger'], 'a journal', () => {
  it('is read by one program', () => {
    expect(1 + 1).toBe(2);
  });
});

describeWith(['hledger', 'bean-check'], 'two journals', () => {
  it.each(['first', 'second'])('the %s is read by both programs', () => {
    expect(1 + 1).toBe(2);
  });
});

describeWith(['chromium'], 'a page', () => {
  it('is shown', () => {
    expect(1 + 1).toBe(2);
  });
});

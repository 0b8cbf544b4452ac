import { expect, it } from 'vitest';
import { englishFineWords } from '../../src/overdue/fineWords.js';

it('the English words of a fine are complete', () => {
  const { language, weekdays, months, lengths, lengthsOf, periods, closedWeekdays, ...sentences } =
    englishFineWords;
  expect([language, weekdays.length, months.length]).toEqual(['en', 7, 12]);
  for (const phrase of [lengths, lengthsOf, periods, closedWeekdays].flatMap((table) => Object.values(table)))
    expect(Object.values(phrase).every((text) => /\{(count|from)\}/.test(text))).toBe(true);
  for (const sentence of Object.values(sentences)) expect(JSON.stringify(sentence)).toMatch(/\S/);
});

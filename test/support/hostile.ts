import { notAmounts } from '../../src/testing/arbitraries/amounts.js';
import { notIds } from '../../src/testing/arbitraries/ids.js';

export { strangeIds } from '../../src/testing/arbitraries/ids.js';

/** Amounts that no currency has, with names for titles. */
export const hostileAmounts = notAmounts.map((amount) => ({ name: named(amount), amount }));

/** What is no id, with names for titles. */
export const badIds = notIds.map((id) => ({ name: named(id), id }));

/** Shows a hostile value in a title, shortly. */
function named(value: unknown): string {
  if (typeof value === 'string') {
    const text = value.length > 20 ? `${value.slice(0, 20)}… of ${value.length} characters` : value;
    return JSON.stringify(text);
  }
  if (Array.isArray(value)) return `[${value.map(named).join()}]`;
  if (typeof value === 'object' && value !== null)
    return `object with ${Object.keys(value).join() || 'no fields'}`;
  return typeof value === 'function' ? 'function' : `${typeof value} ${String(value)}`;
}

import { notAmounts } from '../../src/testing/arbitraries/amounts.js';
import { notIds } from '../../src/testing/arbitraries/ids.js';

export { strangeIds } from '../../src/testing/arbitraries/ids.js';

/** Invalid amounts, with names for titles. */
export const hostileAmounts = notAmounts.map((amount) => ({ name: named(amount), amount }));

/** Invalid ids, with names for titles. */
export const badIds = notIds.map((id) => ({ name: named(id), id }));

/** Returns a short name of a hostile value, for a title. */
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

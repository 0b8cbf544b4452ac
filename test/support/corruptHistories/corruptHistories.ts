import type { HistoryFault } from '../../../src/account/corruptHistory.js';
import { miscounted } from './miscounted.js';
import { misplaced } from './misplaced.js';
import { misshapen } from './misshapen.js';
import type { CorruptHistory } from './told.js';

/** Every fault that a history can have, with every way to it. */
export const corruptHistories: Readonly<Record<HistoryFault, readonly CorruptHistory[]>> = {
  ...misshapen,
  ...misplaced,
  ...miscounted,
  NamedTwice: [...misshapen.NamedTwice, ...misplaced.NamedTwice],
};

import type { HistoryFault } from '../../../src/account/corruptHistory.js';
import type { CorruptHistory } from './corruptHistory.js';
import { merges } from './merges.js';
import { miscounted } from './miscounted.js';
import { misplaced } from './misplaced.js';
import { misshapen } from './misshapen.js';
import { plans } from './plans.js';
import { purges } from './purges.js';

/** Corrupt histories for every fault. */
export const corruptHistories: Readonly<Record<HistoryFault, readonly CorruptHistory[]>> = {
  ...misshapen,
  ...misplaced,
  ...miscounted,
  ...plans,
  ...merges,
  ...purges,
  InvalidId: [...misshapen.InvalidId, ...merges.InvalidId],
  NamedTwice: [...misshapen.NamedTwice, ...misplaced.NamedTwice, ...plans.NamedTwice],
  AmountsDoNotAddUp: [
    ...miscounted.AmountsDoNotAddUp,
    ...plans.AmountsDoNotAddUp,
    ...purges.AmountsDoNotAddUp,
  ],
};

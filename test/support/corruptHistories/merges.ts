import { event } from '../events.js';
import { corrupt, fee } from './corruptHistory.js';

const merged = (into: string, mergeId = 'm1') => event('AccountMerged', { mergeId, into });
const joined = event('AccountJoined', { mergeId: 'm1', from: 'twin' });
const separated = event('AccountSeparated', { mergeId: 'm1' });

/** Events of merges that cannot follow a history. */
export const merges = {
  AlreadyMerged: [
    corrupt(
      'a second merge',
      [merged('twin')],
      merged('other', 'm2'),
      'an account that is not merged',
      'twin',
    ),
  ],
  UnknownMerge: [
    corrupt('the end of a missing merge', [fee], separated, 'a merge of this account', 'm1'),
    corrupt(
      'the id of a fee instead of a merge',
      [fee],
      event('AccountSeparated', { mergeId: 'f1' }),
      'a merge of this account',
      'f1',
    ),
  ],
  AlreadySeparated: [[merged('twin')], [joined]].map((history) =>
    corrupt('a second end', [...history, separated], separated, 'a merge that was not undone', 'm1'),
  ),
  InvalidId: [
    corrupt('a merge into nobody', [fee], merged(''), 'an id of 1 to 200 characters', ''),
    corrupt(
      'a joined account without an id',
      [fee],
      event('AccountJoined', { mergeId: 'm1', from: '' }),
      'an id of 1 to 200 characters',
      '',
    ),
  ],
};

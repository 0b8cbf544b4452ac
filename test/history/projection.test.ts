import { expect, it } from 'vitest';
import { checkpointMoved } from '../../src/history/index.js';

it('says from which checkpoint another program has moved it', () => {
  expect(checkpointMoved('17')).toMatchObject({ code: 'CHECKPOINT_MOVED', details: { previous: '17' } });
  expect(checkpointMoved(undefined).message).toContain('no longer none yet');
});

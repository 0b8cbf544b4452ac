import { expect, it } from 'vitest';
import { checkpointMoved } from '../../src/history/index.js';

it('the error names the checkpoint from which the run continued', () => {
  expect(checkpointMoved('17')).toMatchObject({ code: 'CHECKPOINT_MOVED', details: { previous: '17' } });
  expect(checkpointMoved(undefined).message).toContain('no longer none yet');
});

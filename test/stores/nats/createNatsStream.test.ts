import { createNatsStream } from 'patron-fees/nats';
import { describe, expect, it } from 'vitest';
import { fakeJetStream } from '../../support/fakeJetStream.js';

describe('createNatsStream', () => {
  it('asks for three replicas, from which nothing can be taken away', async () => {
    const fake = fakeJetStream();
    await createNatsStream(fake.manager, { stream: 'FEES' });
    await createNatsStream(fake.manager, { stream: 'FEES', prefix: 'consortium.fees', replicas: 1 });
    const kept = { name: 'FEES', deny_delete: true, deny_purge: true, allow_direct: true };
    expect(fake.made).toEqual([
      { ...kept, subjects: ['fees.*.*'], num_replicas: 3 },
      { ...kept, subjects: ['consortium.fees.*.*'], num_replicas: 1 },
    ]);
  });

  it.each([
    {},
    { stream: '' },
    { stream: 'A.B' },
    { stream: 'A B' },
    { stream: 'FEES', prefix: 'fees.*' },
    { stream: 'FEES', prefix: '' },
    { stream: 'FEES', prefix: '.fees' },
    { stream: 'FEES', replicas: 0 },
    { stream: 'FEES', replicas: 6 },
    { stream: 'FEES', replica: 3 },
    null,
  ])('refuses options that make no sense: %j', async (options) => {
    const fake = fakeJetStream();
    await expect(createNatsStream(fake.manager, options as never)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(fake.made).toEqual([]);
  });
});

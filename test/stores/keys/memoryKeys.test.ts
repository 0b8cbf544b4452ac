import { memoryKeys } from '../../../src/stores/keys/index.js';
import { keyStoreCases } from '../../support/keyStoreCases.js';

keyStoreCases(async () => {
  const keys = memoryKeys();
  return [keys, keys];
});

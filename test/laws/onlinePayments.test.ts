import { checkLaw } from '../support/lawTests.js';

// test/testing/online/playProviderStory.test.ts plays a provider, always in the same stories.
checkLaw(14, 'what a provider did');

import { defineConfig } from '@playwright/test'

/** Journeys in the real Electron window. `npm run test:e2e` brings the runtime, the display and the keyring. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // One window at a time: the machine has few cores, and a test's time should be its own.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
})

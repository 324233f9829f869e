import { dirname, resolve } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const root = resolve(__dirname, '../..')

/** Test servers find their programs from the place of their source, which the bundle leaves. */
const sourceFolders: Plugin = {
  name: 'source-folders',
  transform: (code, id) =>
    id.includes('/src/testkit/') && code.includes('__dirname')
      ? { code: code.replaceAll('__dirname', JSON.stringify(dirname(id))), map: null }
      : null,
}

/** What the soak runs drive, bundled like the product is. */
export default defineConfig({
  plugins: [sourceFolders],
  root,
  resolve: {
    alias: {
      '@shared': resolve(root, 'src/shared'),
      '@engine': resolve(root, 'src/engine'),
      '@testkit': resolve(root, 'src/testkit'),
    },
    conditions: ['node'],
  },
  ssr: {
    noExternal: true,
    external: ['better-sqlite3', '@duckdb/node-api', 'ssh2', 'ssh2-sftp-client', 'yazl'],
  },
  build: {
    ssr: true,
    target: 'node22',
    outDir: 'out/soak',
    emptyOutDir: true,
    minify: false,
    rollupOptions: {
      input: {
        execution: 'src/engine/execution/index.ts',
        fuzz: 'src/testkit/fuzz/index.ts',
        kill: 'src/testkit/soak/kill.ts',
        daemon: 'src/testkit/soak/daemon.ts',
        burst: 'src/testkit/soak/burst.ts',
        transfers: 'src/engine/connectors/transfers.fixture.ts',
        volume: 'src/engine/destinations/contract/volume-soak.fixture.ts',
        // Found beside the bundle by what opens a SQLite file.
        'sqlite-worker': 'src/engine/destinations/sqlite/worker.ts',
        generator: 'src/testkit/generator/index.ts',
      },
      preserveEntrySignatures: 'strict',
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
    },
  },
})

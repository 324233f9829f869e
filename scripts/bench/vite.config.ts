import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const root = resolve(__dirname, '../..')

/** The engine's parts that the bench measures, bundled like the product is. */
export default defineConfig({
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
    external: [
      'better-sqlite3',
      '@duckdb/node-api',
      'yazl',
      'pg',
      'pg-copy-streams',
      'ssh2',
      'ssh2-sftp-client',
    ],
  },
  build: {
    ssr: true,
    target: 'node22',
    outDir: 'out/bench',
    emptyOutDir: true,
    minify: false,
    rollupOptions: {
      input: {
        judge: 'src/engine/execution/judge-files.ts',
        execution: 'src/engine/execution/index.ts',
        schema: 'src/engine/execution/schema.ts',
        generator: 'src/testkit/generator/index.ts',
        duckdb: 'src/engine/duckdb/index.ts',
        rows: 'src/engine/materialization/rows/index.ts',
        archivos: 'src/engine/destinations/archivos/index.ts',
        materializacion: 'src/engine/materialization/index.ts',
        destino: 'src/engine/destinations/postgres/index.ts',
        postgres: 'src/testkit/postgres/index.ts',
      },
      preserveEntrySignatures: 'strict',
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
    },
  },
})

import { resolve } from 'node:path'
import { defineConfig } from 'vite'

/** The engine and its terminal command, bundled for plain Node: native packages stay outside, the rest is inlined (start-up time). */
export default defineConfig({
  resolve: {
    alias: { '@shared': resolve(__dirname, 'src/shared'), '@engine': resolve(__dirname, 'src/engine') },
    conditions: ['node'],
  },
  ssr: {
    noExternal: true,
    external: [
      'better-sqlite3',
      '@duckdb/node-api',
      'ssh2',
      'ssh2-sftp-client',
      'keytar',
      '@napi-rs/keyring',
    ],
  },
  build: {
    ssr: true,
    target: 'node22',
    outDir: 'out/engine',
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    rollupOptions: {
      input: {
        host: 'src/engine/host/index.ts',
        cli: 'src/engine/host/cli/index.ts',
        'sqlite-worker': 'src/engine/destinations/sqlite/worker.ts',
      },
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
    },
  },
})

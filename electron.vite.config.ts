import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const alias = { '@shared': resolve(__dirname, 'src/shared') }

/**
 * Main and preload are CommonJS for the oldest runtime that development and tests use (Electron 25: Node 18.15, Chrome 114);
 * the pinned current Electron runs them unchanged. The engine has a build of its own: vite.engine.config.ts.
 */
export default defineConfig({
  main: {
    resolve: { alias },
    build: {
      target: 'node18.15',
      outDir: 'out/main',
      sourcemap: true,
      lib: { entry: { index: 'src/main/index.ts' }, formats: ['cjs'] },
      rollupOptions: { output: { entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' } },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      target: 'node18.15',
      outDir: 'out/preload',
      lib: { entry: 'src/preload/index.ts', formats: ['cjs'] },
      rollupOptions: { output: { entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src/renderer',
    resolve: { alias },
    plugins: [react()],
    build: {
      target: 'chrome114',
      outDir: 'out/renderer',
      minify: true,
      rollupOptions: { input: resolve(__dirname, 'src/renderer/index.html') },
    },
  },
})

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = resolve(import.meta.dirname, '../../..')
const sample = resolve(root, 'resources/samples/distribuidora')

/**
 * The screens in a plain browser over a made-up engine, to look at them with 0, 3 and 10,000 items. Only for development: nothing
 * of this folder is in the built window.
 */
export default defineConfig({
  root: resolve(root, 'src/renderer'),
  resolve: { alias: { '@shared': resolve(root, 'src/shared') } },
  server: { port: 5199, strictPort: true, fs: { allow: [root] } },
  cacheDir: resolve(root, '.cache/vite-preview'),
  plugins: [
    react(),
    {
      name: 'fake-bridge',
      transformIndexHtml: {
        order: 'pre',
        handler: () => [
          {
            tag: 'script',
            injectTo: 'head-prepend',
            children: `window.sampleOfPreview = ${JSON.stringify({
              yaml: readFileSync(resolve(sample, 'distribuidora.yaml'), 'utf8'),
              expected: JSON.parse(readFileSync(resolve(sample, 'expected.json'), 'utf8')),
            })}`,
          },
          {
            tag: 'script',
            injectTo: 'head',
            attrs: { type: 'module', src: `/@fs${resolve(root, 'e2e/console/preview/fake-bridge.ts')}` },
          },
        ],
      },
    },
  ],
})

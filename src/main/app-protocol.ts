import { readFile, realpath } from 'node:fs/promises'
import { extname, isAbsolute, join, relative } from 'node:path'
import { APP_HOST } from './app-url'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
}

/** Mantine and CodeMirror write style elements and attributes; scripts only ever come from our own files. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS: Record<string, string> = {
  'content-security-policy': CSP,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
}

const refuse = (status: number): Response => new Response(null, { status, headers: HEADERS })

/** True when `path` is `folder` itself or lies below it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}

/** The file that a URL of the console names, or null when it names none of ours. */
export async function resolveAppFile(root: string, url: string): Promise<string | null> {
  let path: string
  try {
    const parsed = new URL(url)
    if (parsed.hostname !== APP_HOST || parsed.port !== '') return null
    path = decodeURIComponent(parsed.pathname)
  } catch {
    return null
  }
  // Backslashes are separators on Windows, a second encoding is nothing we ever write, and NUL ends a path early.
  if (/[\0\\%]/.test(path) || path.split('/').includes('..')) return null
  if (extname(path) === '') path = '/index.html'
  if (TYPES[extname(path).toLowerCase()] === undefined) return null
  try {
    const [base, file] = await Promise.all([realpath(root), realpath(join(root, path))])
    return isInside(base, file) ? file : null
  } catch {
    return null
  }
}

/**
 * Serves `root` (out/renderer) as `app://sage/`, with the strict CSP on every answer. A path without extension is a place inside
 * of the console and gets index.html.
 */
export const serveApp =
  (root: string) =>
  async (request: { url: string; method: string }): Promise<Response> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405)
    const file = await resolveAppFile(root, request.url)
    if (file === null) return refuse(404)
    const type = TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream'
    return new Response(new Uint8Array(await readFile(file)), {
      headers: { ...HEADERS, 'content-type': type },
    })
  }

import { expect, test } from 'vitest'
import { createDrafts } from './drafts'
import type { LocalStore } from './local'

/** What the browser keeps, over its reloads. */
function machine(): LocalStore & { text: () => string } {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    text: () => [...kept.values()].join(),
  }
}

interface Note {
  text: string
  secret?: string
}
const isNote = (value: unknown): value is Note =>
  typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string'

/** A window of the console over what its machine keeps. */
const open = (storage: LocalStore) =>
  createDrafts({ key: 'notes', is: isNote, written: ({ text }) => ({ text }), storage })

test('a draft comes back after a reload, until it is dropped', () => {
  const storage = machine()
  const before = open(storage)
  before.keep('/a', { draft: { text: 'uno' }, changed: true, of: null })
  before.keep('/b', { draft: { text: 'dos' }, changed: false, of: { id: 3, actualizado: '2026-01-01' } })
  before.drop('/a')
  expect(
    [...open(storage).get()].map(([path, { draft, changed, of }]) => [path, draft, changed, of]),
  ).toEqual([['/b', { text: 'dos' }, false, { id: 3, actualizado: '2026-01-01' }]])
})

test('a secret lives in the window and is never written', () => {
  const storage = machine()
  const window = open(storage)
  window.keep('/a', { draft: { text: 'uno', secret: 's3cr3t0' }, changed: true, of: null })
  expect(window.get().get('/a')?.draft.secret).toBe('s3cr3t0')
  expect(storage.text()).not.toContain('s3cr3t0')
})

test('it changes what it was begun from, whatever was saved since', () => {
  const window = open(machine())
  const note = { draft: { text: 'uno' }, changed: true }
  window.keep('/a', { ...note, of: { id: 3, actualizado: 'antes' } })
  window.keep('/a', { ...note, of: { id: 3, actualizado: 'después' } })
  expect(window.get().get('/a')?.of).toEqual({ id: 3, actualizado: 'antes' })
})

test.each(['{', '[]', 'null', '{"/a":1}', '{"/a":{"draft":{"text":1},"changed":true,"at":"","of":null}}'])(
  'nothing is read from what is not one: %s',
  (raw) => {
    const storage = machine()
    storage.setItem('notes', raw)
    expect(open(storage).get().size).toBe(0)
  },
)

test('a machine without room keeps it while the window lives, and whoever looks is told', () => {
  const full = { ...machine(), setItem: () => raise(new DOMException('', 'QuotaExceededError')) }
  const window = open(full)
  let told = 0
  window.subscribe(() => {
    told += 1
  })
  window.keep('/a', { draft: { text: 'uno' }, changed: true, of: null })
  expect([window.get().get('/a')?.draft.text, told]).toEqual(['uno', 1])
})

function raise(error: Error): never {
  throw error
}

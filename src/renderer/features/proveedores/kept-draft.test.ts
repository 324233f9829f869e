import { expect, test } from 'vitest'
import { draftDe } from './draft'
import { isProveedorKept, type ProveedorKept, writtenProveedor } from './kept-draft'

const { valores: _typed, ...empty } = draftDe([], null)
const draft: ProveedorKept = {
  ...empty,
  nombre: 'Entregas',
  config: { host: 'sftp.empresa.pe', port: 22, tls: true, region: null },
  lugar: { token: 't0k3n', path: '/srv' },
}

test('a draft comes back as it was written, without what belongs to the window', () => {
  const back: unknown = JSON.parse(JSON.stringify(writtenProveedor(draft)))
  expect(isProveedorKept(back)).toBe(true)
  expect(back).toEqual({ ...draft, lugar: null })
})

test('a password that somebody put into the address of the proxy is not written', () => {
  const proxied = (proxy: string) => writtenProveedor({ ...draft, red: { ...draft.red, proxy } }).red.proxy
  expect(proxied('http://ana:s3cr3t0@proxy:3128')).toBe('')
  expect(proxied('http://proxy:3128')).toBe('http://proxy:3128')
})

test.each([
  null,
  {},
  { ...draft, config: { host: { deep: 1 } } },
  { ...draft, config: [] },
  { ...draft, secretoId: '3' },
  { ...draft, red: { ...draft.red, tlsMinimo: '1.0' } },
])('what is not one is not taken for one: %#', (value) => {
  expect(isProveedorKept(value)).toBe(false)
})

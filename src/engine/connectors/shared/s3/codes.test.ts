import { expect, it } from 'vitest'
import { unreachable } from '../errors'
import type { Doing } from '../object-store'
import { explainS3 } from './codes'

const AT = { bucket: 'ventas', place: 'el bucket «ventas»', server: 'el servidor s3.ejemplo.com' }
const READING: Doing = { action: 'lectura', path: 'a.txt', condition: 'same' }
const cause = new Error('as the server said it')

/** What no server of the tests can be made to say. */
it.each([
  ['SlowDown', 503, { code: 'REMOTE_BUSY', retryable: true }],
  ['ExpiredToken', 400, { code: 'REMOTE_LOGIN_REFUSED', hint: 'La credencial caducó: renovarla.' }],
  [
    'RequestTimeTooSkewed',
    403,
    { code: 'REMOTE_LOGIN_REFUSED', message: 'El servidor s3.ejemplo.com no aceptó la credencial.' },
  ],
  ['QuotaExceeded', 403, { code: 'REMOTE_FULL', retryable: false }],
  ['NoSuchUpload', 404, { code: 'REMOTE_CUT', retryable: true }],
  ['ConditionalRequestConflict', 409, { code: 'REMOTE_BUSY', retryable: true }],
  ['', 412, { code: 'REMOTE_CHANGED', kind: 'conflict' }],
  ['', 502, { code: 'REMOTE_BUSY', retryable: true }],
  ['SomethingNew', 418, { code: 'REMOTE_FAILED', retryable: false }],
])('tells %s (%i) in words that say what to do', (code, status, told) => {
  const error = explainS3({ code, status, cause }, READING, AT)
  expect(error).toMatchObject(told)
  expect(error.hint).toBeTruthy()
})

it('says in which region the bucket is, and how long the server asked to wait', () => {
  const elsewhere = explainS3(
    { code: 'PermanentRedirect', status: 301, region: 'eu-west-1', cause },
    READING,
    AT,
  )
  expect(elsewhere).toMatchObject({
    kind: 'config',
    message: 'La región no es la del bucket «ventas», que está en eu-west-1.',
  })
  const busy = explainS3({ code: 'SlowDown', retryAfterMs: 3_000, cause }, READING, AT)
  expect(busy.details).toEqual({ retryAfterMs: 3_000 })
  expect(unreachable(AT.server, 'no respondió a tiempo').message).toBe(
    'No se llega al servidor s3.ejemplo.com: no respondió a tiempo.',
  )
})

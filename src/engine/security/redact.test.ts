import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSecretName, REDACTED, redact, redactError, redactText } from './redact'

const PLANTED = 'S3cr3t0-Plant4do-9f8e7d'

describe('redact', () => {
  it.each([
    'password',
    'PASSWORD',
    'db_password',
    'contraseña',
    'contrasena',
    'clave',
    'sftp_clave',
    'clave_api',
    'api_key',
    'apiKey',
    'secretAccessKey',
    'client_secret',
    'Authorization',
    'set-cookie',
    'accessToken',
    'token',
    'sas_token',
    'connectionString',
    'privateKey',
    'credenciales',
  ])('hides the value under %s, wherever it is', (name) => {
    expect(
      JSON.stringify(redact({ a: [{ [name]: PLANTED }], m: new Map([[name, { x: PLANTED }]]) })),
    ).not.toContain(PLANTED)
  })

  it.each([
    'clave_primaria',
    'nombre',
    'archivo',
    'passed',
    'compass',
    'tokens',
    'sigla',
    'catalogo',
    'claves',
    'casilla',
  ])('shows %s', (name) => expect(isSecretName(name)).toBe(false))

  it.each([
    `postgres://sage:${PLANTED}@db.local:5432/x`,
    `Authorization: Bearer ${PLANTED}.abc`,
    `password=${PLANTED};Database=x`,
    `{"clave":"${PLANTED}"}`,
    `contraseña: ${PLANTED}`,
    `https://c.blob.core.windows.net/x?sv=1&sig=${PLANTED}&se=2`,
    `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${PLANTED}==;EndpointSuffix=x`,
    `-----BEGIN RSA PRIVATE KEY-----\n${PLANTED}\n-----END RSA PRIVATE KEY-----`,
    `?X-Amz-Signature=${PLANTED}`,
  ])('hides what has the form of a secret: %s', (text) => {
    expect(redactText(`antes ${text} después`)).not.toContain(PLANTED)
    expect(redactText(`antes ${text} después`)).toContain('antes ')
  })

  it('leaves ordinary sentences alone', () => {
    const text = 'La columna importe de ventas.csv no cuadra: línea 20, valor 3.5 (regla «Importe cuadra»).'
    expect(redactText(text)).toBe(text)
  })

  it('survives cycles, depth, errors, bytes and odd values', () => {
    const loop: Record<string, unknown> = { n: 1n, f: () => 1, d: new Date(0), b: Buffer.alloc(5) }
    loop.self = loop
    const cause = new Error(`password=${PLANTED}`)
    const text = JSON.stringify(redact({ loop, error: new Error('fuera', { cause }) }))
    expect(text).not.toContain(PLANTED)
    expect(text).toContain('[5 bytes]')
  })

  it('never throws and always gives JSON', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        JSON.stringify(redact(value))
      }),
      { numRuns: 200 },
    )
  })

  it('cleans an error that leaves the engine', () => {
    const clean = redactError({
      code: 'X',
      kind: 'transient',
      message: `no conecta a sftp://u:${PLANTED}@h`,
      hint: `pwd=${PLANTED}`,
      details: { config: { password: PLANTED, host: 'h' } },
      retryable: true,
    })
    expect(JSON.stringify(clean)).not.toContain(PLANTED)
    expect(clean.details).toEqual({ config: { password: REDACTED, host: 'h' } })
  })
})

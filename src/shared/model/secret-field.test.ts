import { operations } from '@shared/contract'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { isSecretField, secret, secretValues } from './secret-field'

it('finds what is secret wherever a schema holds it, and nothing else', () => {
  const schema = z.strictObject({
    nombre: z.string(),
    clave: secret(),
    frase: secret(z.string().min(12)).optional(),
    varias: z.array(z.object({ token: secret().nullable() })).default([]),
    valores: z.record(z.string(), secret()),
    modo: z.discriminatedUnion('tipo', [
      z.object({ tipo: z.literal('clave'), clave: secret() }),
      z.object({ tipo: z.literal('perfil'), perfil: z.string() }),
    ]),
  })
  const value = {
    nombre: 'público',
    clave: 'uno',
    frase: 'dos',
    varias: [{ token: 'tres' }, { token: null }],
    valores: { a: 'cuatro', b: 5 },
    modo: { tipo: 'clave', clave: 'cinco', perfil: 'nadie' },
  }
  expect(secretValues(schema, value)).toEqual(['uno', 'dos', 'tres', 'cuatro', 'cinco'])
  expect(secretValues(schema, 'otra cosa')).toEqual([])
})

it('is told to forms by the JSON schema', () => {
  const { properties } = z.toJSONSchema(z.object({ clave: secret(), nombre: z.string() }))
  expect(properties).toMatchObject({ clave: { secret: true } })
  expect(isSecretField(z.string())).toBe(false)
})

it('marks what every operation on secrets is given', () => {
  const given = (name: keyof typeof operations, input: unknown) => secretValues(operations[name].input, input)
  expect(given('secretos.create', { valores: { a: 'x' } })).toEqual(['x'])
  expect(given('secretos.update', { id: 1, datos: { valores: { a: 'x', b: null } } })).toEqual(['x'])
  expect(given('secretos.cambiarFrase', { actual: 'x', nueva: 'y' })).toEqual(['x', 'y'])
  expect(given('secretos.crearBoveda', { frase: 'x' })).toEqual(['x'])
  expect(given('secretos.desbloquear', { frase: 'x' })).toEqual(['x'])
})

import { expect, it } from 'vitest'
import { pathOf } from './archivo-path'

const path = (row: Partial<Parameters<typeof pathOf>[0]>) =>
  pathOf({ estado: 'detectado', desenlace: null, intentos: 0, sha256: null, executionId: null, ...row }).map(
    ({ estado, mark }) => `${estado} ${mark}`,
  )

it('shows where a file is and what is before it', () => {
  expect(path({})).toEqual([
    'detectado now',
    'reclamado ahead',
    'copiado ahead',
    'validando ahead',
    'terminado ahead',
  ])
  expect(path({ estado: 'validando', intentos: 1, sha256: 'a', executionId: 'e' })).toEqual([
    'detectado done',
    'reclamado done',
    'copiado done',
    'validando now',
    'terminado ahead',
  ])
  expect(path({ estado: 'materializando', intentos: 1, sha256: 'a', executionId: 'e' })).toContain(
    'materializando now',
  )
})

it('does not claim of one that ended what it never went through', () => {
  expect(path({ estado: 'terminado', desenlace: 'desaparecido' })).toEqual([
    'detectado done',
    'reclamado skipped',
    'copiado skipped',
    'validando skipped',
    'terminado now',
  ])
  const copied = { intentos: 1, sha256: 'a', executionId: 'e' }
  expect(path({ ...copied, estado: 'terminado', desenlace: 'duplicado' })).toContain('validando skipped')
  expect(path({ ...copied, estado: 'terminado', desenlace: 'rechazado' })).toContain('validando done')
  expect(path({ intentos: 5, estado: 'cuarentena', desenlace: 'error' }).at(-1)).toBe('cuarentena now')
})

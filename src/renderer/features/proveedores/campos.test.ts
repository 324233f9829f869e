import { type Proveedor, RED_NORMAL, type TipoProveedor } from '@shared/model/proveedor'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { camposDe, configEscrita, configInicial, falloDe, lugarDe } from './campos'
import { draftDe, faltasDe, valoresEscritos } from './draft'

const words = (es: string) => ({ sage: { label: { es, en: es } } })
const esquema = z.strictObject({
  version: z.literal(1).default(1),
  host: z.string().min(1).max(253).meta(words('Servidor')),
  port: z.number().int().min(1).max(65_535).default(22).meta(words('Puerto')),
  auth: z.enum(['password', 'key']).default('password').meta(words('Entrar con')),
  user: z
    .string()
    .optional()
    .meta({ sage: { ...words('Usuario').sage, when: { field: 'auth', is: ['password'] } } }),
  hostKey: z
    .string()
    .regex(/^SHA256:/)
    .optional()
    .meta({ sage: { ...words('Huella').sage, advanced: true } }),
})
const tipo: TipoProveedor = {
  ...{ tipo: 'sftp', lugar: null, nombre: { es: 'SFTP', en: 'SFTP' }, resumen: { es: '', en: '' } },
  esquema: { ...z.toJSONSchema(esquema, { io: 'input' }) },
  secretos: [
    {
      nombre: 'password',
      etiqueta: { es: '', en: '' },
      multilinea: false,
      cuando: { field: 'auth', is: ['password'] },
    },
    {
      nombre: 'privateKey',
      etiqueta: { es: '', en: '' },
      multilinea: true,
      cuando: { field: 'auth', is: ['key'] },
    },
  ],
}
const campos = camposDe(tipo, 'es')
const campo = (nombre: string) => {
  const found = campos.find((one) => one.nombre === nombre)
  if (!found) throw new Error(nombre)
  return found
}

it('draws the fields that have words, in their order, as their schema says', () => {
  expect(campos.map(({ nombre, clase, obligatorio }) => [nombre, clase, obligatorio])).toEqual([
    ['host', 'texto', true],
    ['port', 'numero', false],
    ['auth', 'opcion', false],
    ['user', 'texto', false],
    ['hostKey', 'texto', false],
  ])
  expect(configInicial(campos, null)).toEqual({ host: '', port: 22, auth: 'password', user: '', hostKey: '' })
  expect(campo('hostKey').avanzado).toBe(true)
})

it('tells what the engine would refuse, and only of what is asked for', () => {
  const config = { ...configInicial(campos, null), port: 70_000, hostKey: 'otra' }
  expect(campos.map((one) => falloDe(one, config))).toEqual(['falta', 'rango', null, null, 'forma'])
  const draft = { ...draftDe(campos, null), config: { ...config, host: 'a', port: 22, hostKey: '' } }
  expect(faltasDe(tipo, campos, draft, null)).toEqual([{ nombre: 'nombre', que: 'falta' }])
  const red = { ...draft.red, proxy: 'http://ana:clave@proxy:3128' }
  expect(faltasDe(tipo, campos, { ...draft, nombre: 'A', red }, null)).toEqual([
    { nombre: 'proxy', que: 'proxy' },
  ])
})

it('sends what is filled in and asked for, and keeps what is not for people', () => {
  const saved: Proveedor = {
    ...{ id: 1, nombre: 'A', descripcion: '', tipo: 'sftp', secretoId: null, ultimaPrueba: null },
    ...{ config: { version: 1, host: 'viejo' }, red: RED_NORMAL, creadoEn: '', actualizadoEn: '' },
  }
  const config = { ...configInicial(campos, saved), host: ' nuevo ', auth: 'key', user: 'ana' }
  expect(configEscrita(campos, config, null, saved)).toEqual({
    version: 1,
    host: 'nuevo',
    port: 22,
    auth: 'key',
  })
})

it('sends of the credential only the values that are asked for', () => {
  const draft = draftDe(campos, null)
  const valores = { password: 'p', privateKey: 'una línea\n', proxyPassword: 'x' }
  expect(valoresEscritos(tipo, { ...draft, valores })).toEqual({ password: 'p' })
  const key = { ...draft, valores, config: { ...draft.config, auth: 'key' } }
  expect(valoresEscritos(tipo, key)).toEqual({ privateKey: 'una línea' })
  const red = { ...draft.red, proxy: 'http://proxy:3128' }
  expect(valoresEscritos(tipo, { ...draft, valores, red })).toEqual({ password: 'p', proxyPassword: 'x' })
})

it('says where a provider lies in one line', () => {
  const of = (config: Record<string, unknown>) => lugarDe({ config })
  expect(of({ host: 'sftp.a.pe', port: 22, user: 'ana', folder: '/data/1' })).toBe('ana@sftp.a.pe:22 /data/1')
  expect(of({ host: 'minio.a.pe', port: 9000, bucket: 'ventas' })).toBe('minio.a.pe:9000 ventas')
  expect(of({ bucket: 'ventas', prefix: 'lima' })).toBe('ventas/lima')
  expect(of({ container: 'entrada' })).toBe('entrada')
  expect(of({ folder: '/datos' })).toBe('/datos')
})

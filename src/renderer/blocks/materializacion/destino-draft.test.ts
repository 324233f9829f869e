import { type Destino, destinoConfigSchema, destinoEntradaSchema } from '@shared/model/destino'
import { describe, expect, test } from 'vitest'
import {
  CAMPOS,
  type DestinoDraft,
  destinoDraftOf,
  destinoFaults,
  entradaOf,
  isServer,
  newFileName,
} from './destino-draft'
import { TIPO_DESTINO_VALUES } from './values'

const saved = (config: unknown): Destino => {
  const parsed = destinoConfigSchema.parse(config)
  return {
    id: 1,
    nombre: 'Almacén',
    descripcion: 'El de ventas',
    tipo: parsed.tipo,
    config: parsed,
    lugar: '',
    secretoId: null,
    usos: 0,
    ultimaPrueba: null,
    creadoEn: '',
    actualizadoEn: '',
  }
}
const server = { tipo: 'postgres', servidor: 'db.local', base: 'ventas', usuario: 'ana' } as const
const draft = (part: Partial<DestinoDraft>): DestinoDraft => ({ ...destinoDraftOf(null), ...part })

describe('the form of a destination', () => {
  test.each(TIPO_DESTINO_VALUES)('asks for every field of %s, and for nothing else', (tipo) => {
    const option = destinoEntradaSchema.options.find(({ shape }) => shape.tipo.value === tipo)
    const fields = Object.keys(option?.shape ?? {}).filter(
      (name) => !['tipo', 'version', 'archivo'].includes(name),
    )
    const asked = CAMPOS[tipo].filter((name) => name !== 'contrasena' && name !== 'lugar')
    expect([...asked].sort()).toEqual(fields.sort())
    // A server has a password, which is no part of it; a file or a folder has a place, given beside it.
    const beside = isServer(tipo) ? 'contrasena' : tipo === 'proveedor' ? 'proveedorId' : 'lugar'
    expect(CAMPOS[tipo].some((name) => name === beside)).toBe(true)
  })

  test('writes back what it read, with the usual port and schema of a kind where none was written', () => {
    const one = saved({ ...server, esquema: 'dw', puerto: 5433, tls: 'no', ca: 'PEM' })
    expect(destinoEntradaSchema.parse(entradaOf(destinoDraftOf(one)).config)).toEqual(one.config)
    const cloud = saved({ tipo: 'proveedor', proveedorId: 7, carpeta: 'lago' })
    expect(destinoEntradaSchema.parse(entradaOf(destinoDraftOf(cloud)).config)).toEqual(cloud.config)
    const { config } = entradaOf(draft({ ...server, tipo: 'sqlserver' }))
    expect(config).toMatchObject({ puerto: 1433, esquema: 'dbo', tls: 'verificar' })
    expect(entradaOf(draft({ ...server, tipo: 'mysql' })).config).not.toHaveProperty('esquema')
  })

  test('names a file by the token of its place, never by its path', () => {
    const lugar = { token: 't', path: '/home/ana', archivo: 'ventas.duckdb' }
    const entrada = entradaOf(draft({ tipo: 'duckdb', lugar }))
    expect(entrada).toEqual({ config: { tipo: 'duckdb', archivo: 'ventas.duckdb' }, lugar: { token: 't' } })
    expect(JSON.stringify(entrada)).not.toContain('/home')
    expect(entradaOf(draft({ tipo: 'archivos', lugar })).config).toEqual({ tipo: 'archivos' })
  })

  test('says which fields are missing, in their order', () => {
    expect(destinoFaults(draft({ puerto: 70_000 }), null)).toEqual([
      'nombre',
      'servidor',
      'puerto',
      'base',
      'usuario',
    ])
    expect(destinoFaults(draft({ nombre: 'A', tipo: 'sqlite' }), null)).toEqual(['lugar'])
    const one = saved({ tipo: 'sqlite', ruta: '/datos/a.sqlite' })
    expect(destinoFaults(destinoDraftOf(one), one)).toEqual([])
    expect(destinoFaults({ ...destinoDraftOf(one), tipo: 'duckdb' }, one)).toEqual(['lugar'])
    expect(destinoFaults(draft({ nombre: 'A', tipo: 'proveedor' }), null)).toEqual(['proveedorId'])
  })
})

test('a new file is called as its destination, in letters that every disk takes', () => {
  expect(newFileName('sqlite', 'Almacén Ñ / 2026')).toBe('almacen-n-2026.sqlite')
  expect(newFileName('duckdb', '///')).toBe('datos.duckdb')
})

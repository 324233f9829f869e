import { secretoCambioSchema, secretoNuevoSchema, TIPOS_SECRETO } from '@shared/model/secreto'
import { describe, expect, it } from 'vitest'
import { draftOf, faultsOf, newValor, toCambio, toNuevo, withTipo } from './secreto-draft'
import { FRASE_MIN, SUGGESTED, TIPO_SECRETO_VALUES } from './values'

const typed = (nombre: string, valor: string) => ({ ...newValor(nombre), valor })
const stored = {
  ...{ id: 1, nombre: 'Base', tipo: 'base_datos' as const, descripcion: '', recordarDias: 14 },
  ...{ venceEn: '2027-03-01', rotarCadaDias: null, usadoPor: [], legible: true },
  vigencia: { estado: 'vigente' as const, dias: 90 },
  ...{
    creadoEn: '2026-11-01T00:00:00Z',
    actualizadoEn: '2026-11-01T00:00:00Z',
    rotadoEn: '2026-11-01T00:00:00Z',
  },
  valores: ['usuario', 'password'].map((nombre) => ({
    nombre,
    huella: 'abcd1234',
    cambiadoEn: '2026-11-01T00:00:00Z',
  })),
}

describe('the form of a secret', () => {
  it('offers every kind the engine knows, with names it takes', () => {
    expect(TIPO_SECRETO_VALUES).toEqual(TIPOS_SECRETO)
    for (const tipo of TIPO_SECRETO_VALUES) {
      const valores = Object.fromEntries(SUGGESTED[tipo].map((nombre) => [nombre, 'x']))
      expect(secretoNuevoSchema.safeParse({ nombre: 'A', tipo, valores }).success).toBe(true)
    }
    expect(FRASE_MIN).toBe(12)
  })

  it('says what is missing and gives what the engine takes', () => {
    const empty = draftOf(null, 'es')
    expect(faultsOf(empty).map(({ field }) => field)).toEqual(['nombre', 'valor'])
    const wrong = {
      ...empty,
      ...{ nombre: 'Base', vence: '31/02/2027' },
      valores: [typed('a b', 'x'), typed('clave', 'x'), typed('clave', 'y')],
    }
    expect(faultsOf(wrong).map((fault) => ('what' in fault ? fault.what : fault.field))).toEqual([
      ...['nombre', 'repetido', 'repetido', 'vence'],
    ])
    const right = {
      ...empty,
      nombre: ' Base ',
      vence: '01/03/2027',
      valores: [typed('clave', 'línea 1\nlínea 2')],
    }
    expect(faultsOf(right)).toEqual([])
    expect(secretoNuevoSchema.parse(toNuevo(right))).toMatchObject({
      ...{ nombre: 'Base', venceEn: '2027-03-01', valores: { clave: 'línea 1\nlínea 2' } },
    })
    // What a copied line brings at its end is not part of a password; a key keeps its lines.
    const copied = { ...right, valores: [typed('clave', 'secreta\n'), typed('llave', 'a\nb\n')] }
    expect(toNuevo(copied).valores).toEqual({ clave: 'secreta', llave: 'a\nb\n' })
    expect(faultsOf({ ...right, valores: [] })).toEqual([{ field: 'valores' }])
  })

  it('keeps what was typed when the kind changes', () => {
    const draft = { ...draftOf(null, 'es'), valores: [typed('sessionToken', 'x'), typed('contrasena', '')] }
    expect(withTipo(draft, 's3').valores.map(({ nombre, valor }) => [nombre, valor])).toEqual([
      ['sessionToken', 'x'],
      ['secretAccessKey', ''],
    ])
  })

  it('names only the values that change', () => {
    const draft = draftOf(stored, 'es')
    expect(draft.vence).toBe('01/03/2027')
    expect(toCambio(draft).valores).toEqual({})
    const [usuario, password] = draft.valores
    if (!usuario || !password) throw new Error('faltan valores')
    const valores = [
      { ...usuario, accion: 'quitar' as const },
      { ...password, accion: 'escribir' as const, valor: 'nueva' },
      typed('puerto', '5432'),
    ]
    const cambio = secretoCambioSchema.parse(toCambio({ ...draft, valores, vence: '' }))
    expect(cambio.valores).toEqual({ usuario: null, password: 'nueva', puerto: '5432' })
    expect(cambio.venceEn).toBeNull()
  })

  it('asks for every value of one whose key is lost', () => {
    const draft = draftOf({ ...stored, legible: false }, 'es')
    expect(faultsOf(draft).map((fault) => ('what' in fault ? fault.what : fault.field))).toEqual([
      'vacio',
      'vacio',
    ])
  })
})

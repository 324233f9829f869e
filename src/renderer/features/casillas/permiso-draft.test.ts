import { type Permiso, permisoDatosSchema } from '@shared/model/emisor'
import { describe, expect, it } from 'vitest'
import { permisoDatosOf, permisoDraftOf, permisoFault, suggestSubfolder } from './permiso-draft'

const permiso: Permiso = {
  casillaId: 1,
  emisorId: 7,
  emisorNombre: 'Norte',
  emisorActivo: true,
  organizacion: '',
  metodos: ['local', 'sftp'],
  subdirectorio: 'norte',
  responsable: { nombre: 'Ana', email: 'ana@norte.pe', telefono: '', activo: true },
  frecuencia: { tipo: 'diario', hora: '18:00' },
  puntualidad: {
    estado: 'al_dia',
    ultimoEnvio: null,
    ultimaEsperada: null,
    proximaEsperada: null,
    minutosTarde: 0,
  },
}

describe('a permission being edited', () => {
  it('comes out as it went in, and as the engine takes it', () => {
    const draft = permisoDraftOf(permiso)
    expect(permisoFault(draft)).toBeNull()
    const datos = permisoDatosOf(draft)
    expect(datos).toEqual({
      metodos: ['local', 'sftp'],
      subdirectorio: 'norte',
      responsable: permiso.responsable,
      frecuencia: permiso.frecuencia,
    })
    expect(permisoDatosSchema.parse(datos)).toEqual(datos)
  })

  it('says what it lacks', () => {
    const draft = { ...permisoDraftOf(null), emisorId: 7 }
    expect(permisoFault(permisoDraftOf(null))).toEqual({ campo: 'emisor' })
    expect(permisoFault({ ...draft, metodos: [] })).toEqual({ campo: 'metodos' })
    const responsable = { ...draft.responsable, email: 'sin arroba' }
    expect(permisoFault({ ...draft, responsable })).toEqual({ campo: 'email' })
    const frecuencia = { ...draft.frecuencia, tipo: 'diario' as const, hora: 'x' }
    expect(permisoFault({ ...draft, frecuencia })).toEqual({ campo: 'frecuencia', fault: 'hora' })
    expect(permisoFault(draft)).toBeNull()
    expect(permisoDatosOf(draft).frecuencia).toBeNull()
  })

  it('proposes a sub-folder from the code or the name', () => {
    expect(suggestSubfolder({ nombre: 'X', codigoInterno: 'n-01' })).toBe('n-01')
    expect(suggestSubfolder({ nombre: ' Distribuidora Ñusta (Perú) S.A. ', codigoInterno: '' })).toBe(
      'distribuidora-nusta-peru-s-a',
    )
    expect(suggestSubfolder({ nombre: '…', codigoInterno: '' })).toBe('')
  })
})

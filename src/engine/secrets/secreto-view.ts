import { type Db, findSecreto, findSecretoByName, type SecretoRow } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import type { SecretoInfo, SecretoUso } from '@shared/model/secreto'
import { vigenciaOf } from './vigencia'

/** A secret as it is told of: everything but its values. */
export function toInfo(row: SecretoRow, uses: readonly SecretoUso[], now: Date): SecretoInfo {
  return {
    id: row.id,
    nombre: row.nombre,
    tipo: row.tipo,
    descripcion: row.descripcion,
    valores: row.valores,
    venceEn: row.vence_en,
    rotarCadaDias: row.rotar_cada_dias,
    recordarDias: row.recordar_dias,
    vigencia: vigenciaOf(row, now),
    creadoEn: row.creado_en,
    actualizadoEn: row.actualizado_en,
    rotadoEn: row.rotado_en,
    usadoPor: uses.filter(({ secretoId }) => secretoId === row.id),
    legible: row.clave_estado !== 'perdida',
  }
}

/** @throws AppError SECRET_NOT_FOUND */
export function requireSecreto(db: Db, id: number): SecretoRow {
  const row = findSecreto(db, id)
  if (row !== null) return row
  throw new AppError('SECRET_NOT_FOUND', {
    kind: 'not-found',
    message: `No existe el secreto ${id}.`,
    hint: 'Puede que se haya eliminado: actualizar la lista.',
  })
}

/** @throws AppError SECRET_NAME_TAKEN */
export function requireFreeName(db: Db, nombre: string, id: number | null): void {
  const owner = findSecretoByName(db, nombre)
  if (owner === null || owner.id === id) return
  throw new AppError('SECRET_NAME_TAKEN', {
    kind: 'conflict',
    message: `Ya hay un secreto llamado «${owner.nombre}».`,
    hint: 'Elegir otro nombre, o cambiar los valores de ese.',
  })
}

export const inUse = (row: SecretoRow, uses: readonly SecretoUso[]): AppError =>
  new AppError('SECRET_IN_USE', {
    kind: 'conflict',
    message: `«${row.nombre}» no se eliminó: lo usa ${uses.map(({ nombre }) => `«${nombre}»`).join(', ')}.`,
    hint: 'Dar antes otro secreto a quien lo usa.',
    details: { usos: uses },
  })

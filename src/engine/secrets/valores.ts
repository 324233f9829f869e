import type { SecretoRow } from '@engine/store'
import { AppError } from '@shared/errors/app-error'
import { type SecretoCambio, VALORES_MAX } from '@shared/model/secreto'
import { type Content, newContent } from './seal'

/**
 * What a secret holds after a change. Without its former content (its key is lost) every value must be given again: what is not named
 * could not be kept.
 * @throws AppError SECRET_UNREADABLE, SECRET_EMPTY, SECRET_TOO_MANY
 */
export function changedContent(
  row: SecretoRow,
  former: Content | null,
  valores: NonNullable<SecretoCambio['valores']>,
): Content {
  const missing = row.valores.map(({ nombre }) => nombre).filter((nombre) => !(nombre in valores))
  if (former === null && missing.length > 0) {
    throw new AppError('SECRET_UNREADABLE', {
      kind: 'input',
      message: `La clave que selló «${row.nombre}» se perdió, y falta escribir: ${missing.join(', ')}.`,
      hint: 'Escribir otra vez todos sus valores, o quitar los que ya no hacen falta.',
      details: { valores: missing },
    })
  }
  const merged = new Map(Object.entries(former?.valores ?? {}))
  for (const [nombre, valor] of Object.entries(valores)) {
    if (valor === null) merged.delete(nombre)
    else merged.set(nombre, valor)
  }
  if (merged.size === 0) {
    throw new AppError('SECRET_EMPTY', {
      kind: 'input',
      message: `«${row.nombre}» se quedaría sin valores.`,
      hint: 'Eliminar el secreto si ya no hace falta.',
    })
  }
  if (merged.size > VALORES_MAX) {
    throw new AppError('SECRET_TOO_MANY', {
      kind: 'input',
      message: `Un secreto guarda hasta ${VALORES_MAX} valores.`,
      hint: 'Repartirlos en varios secretos.',
    })
  }
  return { ...(former ?? newContent({})), valores: Object.fromEntries(merged) }
}

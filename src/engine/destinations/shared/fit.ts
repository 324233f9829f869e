import type { TipoColumna } from '@shared/model/materializacion'
import type { Fit, ValueLimit } from '../types'

type Decimal = Extract<TipoColumna, { tipo: 'decimal' }>
/** The longest text of each type that is not one: what a bounded text column must have. */
type TextLengths = Readonly<Record<Exclude<TipoColumna['tipo'], 'texto' | 'decimal'>, number>>

export const whole = (min: string, max: string): ValueLimit => ({ de: 'entero', min, max })
export const INT64 = whole('-9223372036854775808', '9223372036854775807')
/** Past this a double no longer tells one whole number from the next. */
export const EXACT_IN_DOUBLE = whole('-9007199254740992', '9007199254740992')

/** Into a text column of so many characters; null: of any length. */
export function intoText(room: number | null, wanted: TipoColumna, lengths: TextLengths): Fit {
  if (room === null) return { ok: true }
  const longest =
    wanted.tipo === 'texto'
      ? wanted.largo
      : wanted.tipo === 'decimal'
        ? wanted.precision + 3
        : lengths[wanted.tipo]
  if (longest !== undefined && longest <= room) return { ok: true }
  return { ok: true, limite: { de: 'largo', max: room, unidad: 'caracteres' } }
}

/** Into an exact decimal of these digits. */
export function intoDecimal(bounds: { precision: number; escala: number }, wanted: Decimal): Fit {
  const digits = wanted.precision - wanted.escala
  const fits = bounds.escala >= wanted.escala && bounds.precision - bounds.escala >= digits
  return { ok: true, limite: fits ? undefined : { de: 'decimal', ...bounds } }
}

export const cantHold = (tipo: string, what: string): Fit => ({
  ok: false,
  razon: `es ${tipo} y no guarda ${what}.`,
  sugerencia: 'Elegir en la asignación el tipo de la columna, o cambiar la columna en la base.',
})

export const cantHoldDecimal = (tipo: string, { precision, escala }: Decimal): Fit =>
  cantHold(tipo, `decimal(${precision},${escala}) sin perder dígitos`)

import type { TipoColumna } from '@shared/model/materializacion'

export type ReadConstant =
  /** `texto`: as its type is written, digits kept. */
  { ok: true; texto: string } | { ok: false; razon: string }

const good = (texto: string): ReadConstant => ({ ok: true, texto })
const bad = (razon: string): ReadConstant => ({ ok: false, razon })

const TRUE_WORDS = ['true', '1', 'verdadero', 'sí', 'si']
const FALSE_WORDS = ['false', '0', 'falso', 'no']
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const MOMENT =
  /^(\d{4}-\d{2}-\d{2})[ T]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?)(Z|[-+]\d{2}:\d{2})?$/
const MOST_INTEGER = 2n ** 63n

/** Reads a constant of a mapping as the type of its column; what does not read is refused when it is saved. */
export function readConstant(tipo: TipoColumna, valor: string): ReadConstant {
  switch (tipo.tipo) {
    case 'texto': {
      const length = [...valor].length
      if (tipo.largo !== undefined && length > tipo.largo)
        return bad(`tiene ${length} caracteres y la columna admite ${tipo.largo}`)
      return valor.includes('\0') ? bad('trae un carácter NUL') : good(valor)
    }
    case 'entero': {
      if (!/^[-+]?\d{1,20}$/.test(valor)) return bad('no es un número entero')
      const value = BigInt(valor.replace(/^\+/, ''))
      return value < MOST_INTEGER && value >= -MOST_INTEGER
        ? good(String(value))
        : bad('no cabe en un entero de 64 bits')
    }
    case 'decimal':
      return readDecimal(valor, tipo.precision, tipo.escala)
    case 'doble':
      return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(valor) && Number.isFinite(Number(valor))
        ? good(valor)
        : bad('no es un número')
    case 'booleano': {
      const word = valor.toLowerCase()
      if (TRUE_WORDS.includes(word)) return good('true')
      return FALSE_WORDS.includes(word) ? good('false') : bad('no es verdadero ni falso')
    }
    case 'fecha':
      return isDay(valor) ? good(valor) : bad('no es una fecha AAAA-MM-DD')
    case 'fecha_hora':
      return readMoment(valor, tipo.zona)
  }
}

function readDecimal(valor: string, precision: number, scale: number): ReadConstant {
  const match = /^([-+]?)(\d+)(?:\.(\d*))?$/.exec(valor)
  if (!match) return bad('no es un número decimal con punto')
  const whole = (match[2] ?? '').replace(/^0+/, '')
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  if (whole.length > precision - scale || fraction.length > scale)
    return bad(`no cabe en decimal(${precision},${scale})`)
  const sign = match[1] === '-' ? '-' : ''
  return good(`${sign}${whole || '0'}${fraction ? `.${fraction}` : ''}`)
}

function isDay(text: string): boolean {
  const [, year, month, day] = DAY.exec(text) ?? []
  if (!year || year === '0000') return false
  const date = new Date(`${text}T00:00:00Z`)
  return (
    !Number.isNaN(date.getTime()) &&
    date.getUTCMonth() + 1 === Number(month) &&
    date.getUTCDate() === Number(day)
  )
}

function readMoment(valor: string, zoned: boolean): ReadConstant {
  if (isDay(valor)) return good(`${valor} 00:00:00${zoned ? '+00' : ''}`)
  const [, day, time, zone] = MOMENT.exec(valor) ?? []
  if (!day || !time || !isDay(day)) return bad('no es una fecha y hora AAAA-MM-DD HH:MM:SS')
  if (zone && !zoned) return bad('trae zona y la columna guarda la hora tal como se escribe')
  return good(`${day} ${time}${zoned ? (zone ?? 'Z').replace('Z', '+00') : ''}`)
}

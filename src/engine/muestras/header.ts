import type { DecisionEncabezado } from '@shared/model/muestra'
import { fold, patternOf, plural, quoted, shapeOf } from './cells'

/** Words that name columns and hardly ever are data. */
const WORDS =
  /^(id|nro|num|numero|no|cod|codigo|code|sku|nombre|name|descripcion|description|fecha|date|cliente|customer|producto|product|vendedor|cantidad|qty|precio|price|importe|monto|amount|total|igv|iva|ruc|dni|documento|tipo|type|estado|status|moneda|almacen|stock|zona|ruta|direccion|telefono|email|correo|unidad|lote|factura|pedido|canal|ciudad|pais|region|sucursal|tienda|activo|saldo|cuenta|mes|anio|ano|year|month|value|valor)$/

const TYPED: ReadonlySet<string> = new Set(['number', 'date', 'boolean'])
const SHAPE_WORDS: Readonly<Record<string, string>> = {
  number: 'números',
  date: 'fechas',
  boolean: 'sí o no',
}

interface Vote {
  /** Above zero: a header; below: data. */
  weight: number
  reason: string
}

/** Few words, one of them known: a sentence may say «producto» too, and it is data. */
function isKnown(cell: string): boolean {
  const words = fold(cell)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  return words.length <= 4 && words.some((word) => WORDS.test(word))
}

/** The shape that nearly all filled cells below have, or null. */
function ruling(cells: string[]): string | null {
  const counts = new Map<string, number>()
  let filled = 0
  for (const cell of cells) {
    const shape = shapeOf(cell)
    if (shape === 'empty') continue
    filled++
    counts.set(shape, (counts.get(shape) ?? 0) + 1)
  }
  const [top] = [...counts].sort((a, b) => b[1] - a[1])
  return top && filled > 0 && top[1] / filled >= 0.9 ? top[0] : null
}

/** Year-like numbers over numbers: `Producto;2023;2024` is a header all the same. */
const isYear = (cell: string): boolean => /^(19|20)\d\d$/.test(cell.trim())

function columnVote(first: string, below: string[]): Vote | null {
  const shape = shapeOf(first)
  const rule = ruling(below)
  if (shape === 'empty') return null
  if (rule !== null && TYPED.has(rule) && !TYPED.has(shape)) {
    return {
      weight: 3,
      reason: `Debajo de ${quoted(first)} hay ${SHAPE_WORDS[rule]}, y la primera fila trae texto.`,
    }
  }
  if (TYPED.has(shape) && shape === rule && !isYear(first)) {
    return {
      weight: -3,
      reason: `${quoted(first)} es un dato como los de debajo (${SHAPE_WORDS[shape]}).`,
    }
  }
  if (shape === 'date' || (shape === 'number' && !isYear(first))) {
    return { weight: -1.5, reason: `${quoted(first)} parece un dato, no un nombre de columna.` }
  }
  if (isYear(first)) return null
  return textVote(first, below)
}

/** Text over text: what repeats below is data; a pattern that all the others share and it does not is a name. */
function textVote(first: string, below: string[]): Vote | null {
  const filled = below.filter((cell) => cell.trim() !== '')
  if (filled.length === 0) return null
  if (filled.some((cell) => cell === first)) {
    return { weight: -2, reason: `${quoted(first)} se repite más abajo en su columna: es un valor.` }
  }
  const patterns = new Set(filled.map(patternOf))
  const [pattern] = patterns
  if (patterns.size !== 1 || pattern === undefined || !pattern.includes('9') || filled.length < 2) return null
  return patternOf(first) === pattern
    ? { weight: -2.5, reason: `${quoted(first)} tiene la misma forma que los valores de debajo.` }
    : {
        weight: 2,
        reason: `${quoted(first)} no tiene la forma de los valores de debajo, como ${quoted(filled[0] ?? '')}.`,
      }
}

function rowVotes(first: string[]): Vote[] {
  const votes: Vote[] = []
  const filled = first.filter((cell) => cell.trim() !== '')
  const repeated = filled.find((cell, i) => filled.indexOf(cell) !== i)
  if (repeated !== undefined) {
    votes.push({ weight: -1.5, reason: `${quoted(repeated)} está dos veces en la primera fila.` })
  }
  if (filled.length < first.length) {
    const n = first.length - filled.length
    votes.push({
      weight: -1.5,
      reason: `La primera fila tiene ${plural(n, 'celda vacía', 'celdas vacías')}; a un encabezado no le faltan nombres.`,
    })
  }
  const known = filled.filter(isKnown)
  if (known.length > 0) {
    const shown = known.slice(0, 3).map(quoted).join(', ')
    votes.push({
      weight: Math.min(3, 1.5 * known.length),
      reason: `${shown} ${known.length === 1 ? 'es un nombre de columna habitual' : 'son nombres de columna habituales'}.`,
    })
  }
  const names = filled.filter((cell) => shapeOf(cell) === 'name')
  if (names.length === first.length && repeated === undefined) {
    votes.push({ weight: 1, reason: 'Todas las celdas de la primera fila son nombres distintos.' })
  }
  return votes
}

const SHOWN = 4

/** The votes of the columns, each kind said once with how many agree. */
function tellVotes(votes: Vote[], wins: boolean): string[] {
  const mine = votes
    .filter(({ weight }) => weight > 0 === wins)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
  const others = votes.filter(({ weight }) => weight > 0 !== wins)
  const told = mine.slice(0, SHOWN).map(({ reason }) => reason)
  if (mine.length > SHOWN)
    told.push(`Y ${plural(mine.length - SHOWN, 'señal más', 'señales más')} en el mismo sentido.`)
  const [against] = others.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
  if (against) told.push(`En contra: ${against.reason}`)
  return told
}

/**
 * Whether the first record of a text is its header, with the reasons in words. Each column votes by what stands below its first
 * cell, and the first row votes as a whole. `head`: first records, the possible header included.
 */
export function decideHeader(head: string[][], width: number): DecisionEncabezado {
  const first = Array.from({ length: width }, (_, i) => head[0]?.[i] ?? '')
  const rest = head.slice(1)
  const votes = [
    ...first.flatMap(
      (cell, i) =>
        columnVote(
          cell,
          rest.map((cells) => cells[i] ?? ''),
        ) ?? [],
    ),
    ...rowVotes(first),
  ]
  // Many columns of one opinion must not drown a plain sign of the others.
  const columns = Math.max(1, Math.sqrt(width))
  const score = votes.reduce((sum, { weight }) => sum + weight, 0) / columns
  const encabezado = score > 0
  const razones = tellVotes(votes, encabezado)
  if (razones.length === 0) {
    razones.push(
      rest.length === 0
        ? 'Solo hay una fila y nada la distingue de un dato.'
        : 'Nada distingue la primera fila de las demás: se toma como dato, para no perder un registro.',
    )
  }
  const strength = Math.abs(score)
  return {
    encabezado,
    seguridad: strength >= 2.5 ? 'alta' : strength >= 1 ? 'media' : 'baja',
    razones,
    primeraFila: first,
  }
}

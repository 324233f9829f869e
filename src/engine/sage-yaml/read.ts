import { isMap, isScalar, isSeq, type Scalar } from 'yaml'
import { clip, suggest } from './nearest'
import { childPath, type Mistake, type Range, type Reporter } from './reporter'
import { type Entry, isNothing, type Place, scalarText, type Tree } from './tree'

export interface Context {
  tree: Tree
  reporter: Reporter
  /** Keys that mean something somewhere, to say where a misplaced one belongs. */
  homes: ReadonlyMap<string, string>
}

export const kindOf = (place: Place): string => {
  if (isNothing(place)) return 'nada'
  if (isMap(place.node)) return 'un mapa'
  if (isSeq(place.node)) return 'una lista'
  return `el texto \`${clip(isScalar(place.node) ? scalarText(place.node) : '')}\``
}

/** Name of the last key of a path, as messages quote it. */
const label = (path: string): string => (path === '' ? 'El archivo' : `\`${path}\``)

export function wrongKind(ctx: Context, place: Place, wanted: string, hint: string): void {
  ctx.reporter.error({
    code: 'WRONG_KIND',
    path: place.path,
    range: place.range,
    message: `${label(place.path)} debe ser ${wanted}; hay ${kindOf(place)}.`,
    hint,
  })
}

const TRUE = new Set(['true', 'yes', 'on', 'y', 'si', 'sí', 'verdadero', '1'])
const FALSE = new Set(['false', 'no', 'off', 'n', 'falso', '0'])

/**
 * One map of the file read key by key: says what is missing, what is not known, and what is of the wrong kind. Every getter gives
 * a usable value even after a mistake, so that one pass finds them all.
 */
export class MapView {
  private readonly byKey: Map<string, Entry>

  constructor(
    readonly ctx: Context,
    readonly place: Place,
    /** Where to point when a key is missing: the id of the thing. */
    readonly anchor: Range,
  ) {
    this.byKey = new Map(ctx.tree.entries(place).map((entry) => [entry.key, entry]))
  }

  get path(): string {
    return this.place.path
  }

  has(key: string): boolean {
    return this.byKey.has(key)
  }

  get(key: string): Place | undefined {
    return this.byKey.get(key)?.place
  }

  keyRange(key: string): Range {
    return this.byKey.get(key)?.keyRange ?? this.anchor
  }

  error(key: string, mistake: Omit<Mistake, 'path' | 'range'>): void {
    this.ctx.reporter.error({ path: childPath(this.path, key), range: this.rangeOf(key), ...mistake })
  }

  warning(key: string, mistake: Omit<Mistake, 'path' | 'range'>): void {
    this.ctx.reporter.warning({ path: childPath(this.path, key), range: this.rangeOf(key), ...mistake })
  }

  private rangeOf(key: string): Range {
    return this.get(key)?.range ?? this.anchor
  }

  /** Warns of each key that means nothing here, with the nearest that does. */
  warnUnknown(known: readonly string[]): void {
    for (const { key, keyRange, place } of this.byKey.values()) {
      if (known.includes(key)) continue
      const home = this.ctx.homes.get(key)
      const unused = known.filter((k) => !this.byKey.has(k))
      const hint =
        home === undefined ? suggest(key, unused, 'Claves posibles') : `\`${key}\` va dentro de ${home}.`
      this.ctx.reporter.warning({
        code: 'UNKNOWN_KEY',
        path: place.path,
        range: keyRange,
        message: `La clave \`${clip(key)}\` no se conoce aquí y se ignora.`,
        hint,
      })
    }
  }

  missing(key: string, hint: string): void {
    const near = suggest(
      key,
      [...this.byKey.keys()].filter((k) => k.length > 2),
    )
    this.ctx.reporter.error({
      code: 'MISSING_KEY',
      path: childPath(this.path, key),
      range: this.anchor,
      message: `Falta \`${key}\` en ${label(this.path)}.`,
      hint: near?.startsWith('¿') ? `${hint} Hay una clave parecida: ${near}` : hint,
    })
  }

  /** A text that must say something: an id, a name, an expression. Null when it does not. */
  required(key: string, hint: string): string | null {
    const place = this.get(key)
    if (place === undefined) {
      this.missing(key, hint)
      return null
    }
    const text = this.scalar(place, hint)
    if (text === null) return null
    if (isNothing(place) || text.trim() === '') {
      this.error(key, { code: 'EMPTY_VALUE', message: `${label(place.path)} está vacío.`, hint })
      return null
    }
    return text
  }

  /** A text for people that the format demands; an empty one only warns, as the original platform accepts it. */
  described(key: string, hint: string): string {
    const place = this.get(key)
    if (place === undefined) {
      this.missing(key, hint)
      return ''
    }
    const text = this.scalar(place, hint)
    if (text === null) return ''
    if (isNothing(place)) {
      this.warning(key, { code: 'EMPTY_VALUE', message: `${label(place.path)} está vacío.`, hint })
      return ''
    }
    return text
  }

  /** Optional text; undefined when absent or empty. */
  optional(key: string, hint: string): string | undefined {
    const place = this.get(key)
    if (place === undefined || isNothing(place)) return undefined
    return this.scalar(place, hint) ?? undefined
  }

  /** Text of a place that must be a scalar. */
  scalar(place: Place, hint: string): string | null {
    if (place.node === null) return ''
    if (isScalar(place.node)) return scalarText(place.node)
    wrongKind(this.ctx, place, 'un texto', hint)
    return null
  }

  /** The scalar node of a key, for those who map offsets. */
  node(key: string): Scalar | null {
    const node = this.get(key)?.node
    return isScalar(node) ? node : null
  }

  boolean(key: string, fallback: boolean): boolean {
    const place = this.get(key)
    if (place === undefined || isNothing(place)) return fallback
    const text = isScalar(place.node) ? scalarText(place.node).trim().toLowerCase() : null
    if (text !== null && TRUE.has(text)) return true
    if (text !== null && FALSE.has(text)) return false
    this.error(key, {
      code: 'NOT_BOOLEAN',
      message: `${label(place.path)} debe ser true o false; hay ${kindOf(place)}.`,
      hint: (text === null ? undefined : suggest(text, ['true', 'false'])) ?? 'Escribir true o false.',
    })
    return fallback
  }

  /** Items of a list; absent or null is an empty one. */
  list(key: string, hint: string): Place[] {
    const place = this.get(key)
    if (place === undefined || isNothing(place)) return []
    if (isSeq(place.node)) return this.ctx.tree.items(place)
    wrongKind(this.ctx, place, 'una lista', hint)
    return []
  }

  /** Texts of a list; a single text is a list of one. */
  texts(key: string, hint: string): { text: string; place: Place }[] {
    const place = this.get(key)
    if (place === undefined || isNothing(place)) return []
    const places = isScalar(place.node) ? [place] : this.list(key, hint)
    const found: { text: string; place: Place }[] = []
    for (const item of places) {
      const text = this.scalar(item, hint)
      if (text !== null) found.push({ text, place: item })
    }
    return found
  }

  /** The map at a key, or null after saying what is wrong. */
  map(key: string, hint: string): MapView | null {
    const place = this.get(key)
    if (place === undefined) {
      this.missing(key, hint)
      return null
    }
    return viewOf(this.ctx, place, this.keyRange(key), hint)
  }

  entries(): Entry[] {
    return [...this.byKey.values()]
  }
}

/** A place as a map, or null after saying that it is not one. */
export function viewOf(ctx: Context, place: Place, anchor: Range, hint: string): MapView | null {
  if (isMap(place.node)) return new MapView(ctx, place, anchor)
  wrongKind(ctx, place, 'un mapa (`clave: valor`)', hint)
  return null
}

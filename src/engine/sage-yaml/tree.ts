import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { clip, suggest } from './nearest'
import { childPath, itemPath, type Range, type Reporter } from './reporter'

export type YamlNode = YAMLMap | YAMLSeq | Scalar

/** A node with where it stands. `node` null: nothing was written. */
export interface Place {
  node: YamlNode | null
  path: string
  range: Range
}

export interface Entry {
  key: string
  keyRange: Range
  place: Place
}

/** Nodes that references may add to those written: enough for any honest reuse, far from a bomb. */
const MAX_EXPANDED = 200_000

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL'])

const rangeOf = (node: unknown): Range | null => {
  if (!isMap(node) && !isSeq(node) && !isScalar(node) && !isAlias(node)) return null
  return node.range ? [node.range[0], node.range[1]] : null
}

/** Text of a scalar exactly as written (the failsafe schema makes every scalar a string). */
export const scalarText = (node: Scalar): string =>
  typeof node.value === 'string' ? node.value : String(node.value ?? '')

export const isNothing = (place: Place): boolean =>
  place.node === null ||
  (isScalar(place.node) && place.node.type === 'PLAIN' && NULLS.has(scalarText(place.node)))

/**
 * The tree of a parsed document as the readers see it: references resolved, merge keys (`<<`) applied, repeated keys refused.
 * `prepare` walks every written node once; nothing is ever copied, and a document whose references would expand past
 * MAX_EXPANDED is refused.
 */
export class Tree {
  private readonly targets = new Map<unknown, YamlNode>()
  private readonly anchors = new Map<string, YamlNode>()
  private readonly open = new Set<unknown>()
  private readonly sizes = new Map<unknown, number>()
  private written = 0
  private firstAlias: Range | null = null

  constructor(
    private readonly document: Document,
    private readonly reporter: Reporter,
  ) {}

  /** False when the tree must not be read further. */
  prepare(): boolean {
    const size = this.walk(this.document.contents, '')
    if (size - this.written > MAX_EXPANDED) {
      this.reporter.error({
        code: 'YAML_ALIAS_BOMB',
        path: '',
        range: this.firstAlias ?? [0, 0],
        message: 'Las referencias (`*`) multiplican el contenido sin límite; el archivo no se expande.',
        hint: 'Escribir los valores en su sitio en lugar de encadenar referencias.',
      })
      return false
    }
    return true
  }

  root(): Place {
    return this.place(this.document.contents, '', [0, 0])
  }

  private anchor(node: YamlNode): void {
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node)
  }

  private walk(node: unknown, path: string): number {
    this.written += 1
    if (isAlias(node)) return this.walkAlias(node.source, rangeOf(node) ?? [0, 0], node, path)
    if (isScalar(node)) {
      this.anchor(node)
      return 1
    }
    if (!isMap(node) && !isSeq(node)) return 1
    this.anchor(node)
    this.open.add(node)
    let size = 1
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) size += this.walk(item, itemPath(path, index))
    } else size += this.walkMap(node, path)
    this.open.delete(node)
    this.sizes.set(node, size)
    return size
  }

  private walkAlias(source: string, range: Range, node: unknown, path: string): number {
    this.firstAlias ??= range
    const target = this.anchors.get(source)
    if (target === undefined) {
      this.reporter.error({
        code: 'YAML_ALIAS_UNKNOWN',
        path,
        range,
        message: `\`*${clip(source)}\` no se ha definido antes con \`&${clip(source)}\`.`,
        hint:
          suggest(source, [...this.anchors.keys()], 'Definidos') ??
          'Si `*` es parte del texto, ponerlo entre comillas.',
      })
      return 1
    }
    if (this.open.has(target)) {
      this.reporter.error({
        code: 'YAML_ALIAS_CYCLE',
        path,
        range,
        message: `\`*${clip(source)}\` se contiene a sí mismo.`,
        hint: 'Una referencia solo puede apuntar a algo ya terminado más arriba.',
      })
      return 1
    }
    this.targets.set(node, target)
    return this.sizes.get(target) ?? 1
  }

  private walkMap(map: YAMLMap, path: string): number {
    const seen = new Map<string, Range>()
    let size = 0
    for (const pair of map.items) {
      if (!isPair(pair)) continue
      const keyRange = rangeOf(pair.key) ?? rangeOf(map) ?? [0, 0]
      if (!isScalar(pair.key)) {
        this.reporter.error({
          code: 'YAML_KEY',
          path,
          range: keyRange,
          message: 'Una clave debe ser un texto, no una lista, un mapa ni una referencia.',
          hint: 'Si las llaves o corchetes son parte del texto, ponerlo entre comillas.',
        })
        size += this.walk(pair.key, path)
      } else {
        this.anchor(pair.key)
        this.repeated(scalarText(pair.key), keyRange, seen, path)
      }
      const key = isScalar(pair.key) ? scalarText(pair.key) : '?'
      size += 1 + this.walk(pair.value, childPath(path, key))
    }
    return size
  }

  private repeated(key: string, range: Range, seen: Map<string, Range>, path: string): void {
    const first = seen.get(key)
    if (first === undefined) {
      seen.set(key, range)
      return
    }
    if (key === '<<') return
    this.reporter.error({
      code: 'DUPLICATE_KEY',
      path: childPath(path, key),
      range,
      message: `La clave \`${clip(key)}\` está repetida; la primera está en la línea ${this.reporter.lineOf(first)}.`,
      hint: 'Cambiar el nombre de una de las dos o borrar la que sobra: nunca se mezclan.',
    })
  }

  /** The node as a place: references followed. */
  private place(node: unknown, path: string, fallback: Range): Place {
    const target = isAlias(node) ? this.targets.get(node) : node
    const found = isMap(target) || isSeq(target) || isScalar(target) ? target : null
    const own = rangeOf(node)
    // An empty value has a range of no length after its key's colon: the key is where a person looks.
    const range = own !== null && own[1] > own[0] ? (rangeOf(found) ?? own) : fallback
    return { node: found, path, range }
  }

  /** Entries of a map in order, merge keys applied (the map's own entries win), the first of repeated keys kept. */
  entries(place: Place): Entry[] {
    if (!isMap(place.node)) return []
    const found = new Map<string, Entry>()
    const merges: Place[] = []
    for (const pair of place.node.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue
      const key = scalarText(pair.key)
      const keyRange = rangeOf(pair.key) ?? place.range
      const value = this.place(pair.value, childPath(place.path, key), keyRange)
      if (key === '<<' && pair.key.type === 'PLAIN') merges.push({ ...value, path: place.path })
      else if (!found.has(key)) found.set(key, { key, keyRange, place: value })
    }
    for (const merge of merges) this.merge(merge, found)
    return [...found.values()]
  }

  private merge(source: Place, into: Map<string, Entry>): void {
    const parts = isSeq(source.node) ? this.items(source).map((p) => ({ ...p, path: source.path })) : [source]
    for (const part of parts) {
      if (!isMap(part.node)) {
        this.reporter.error({
          code: 'YAML_MERGE',
          path: source.path,
          range: part.range,
          message: '`<<` solo puede traer un mapa o una lista de mapas.',
          hint: 'Apuntar a un mapa definido antes con `&`.',
        })
        continue
      }
      for (const entry of this.entries(part)) if (!into.has(entry.key)) into.set(entry.key, entry)
    }
  }

  items(place: Place): Place[] {
    if (!isSeq(place.node)) return []
    return place.node.items.map((item, index) => this.place(item, itemPath(place.path, index), place.range))
  }
}
